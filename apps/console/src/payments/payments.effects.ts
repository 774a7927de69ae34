/** Records payments that two admins have agreed on. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { PaymentsService } from './payments.service.js';

@Injectable()
export class PaymentsEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly payments: PaymentsService,
  ) {}

  onModuleInit(): void {
    this.effects.register({
      'payment.record': {
        check: (manager, { date, terms }) => this.payments.check(manager, date, terms),
        apply: (manager, change, step) => this.payments.record(manager, step, change),
      },
    });
  }
}
