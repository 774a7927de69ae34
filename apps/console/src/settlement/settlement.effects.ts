/** Applies approved changes of business days: an early close, and the resolution of a difference. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { DayClosing } from './day-closing.js';
import { SettlementService } from './settlement.service.js';

@Injectable()
export class SettlementEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly days: DayClosing,
    private readonly settlement: SettlementService,
  ) {}

  onModuleInit(): void {
    this.effects.register({
      'day.close': {
        check: (_, { date }) => this.days.expectOpen(date),
        apply: async (manager, { date }, { by }) => {
          await this.days.close(manager, by, date, true);
        },
      },
      'difference.resolve': {
        apply: async (manager, change, { by }) => {
          await this.settlement.resolve(manager, by, change);
        },
      },
    });
  }
}
