/** Applies rulings and reviews of disputes that two admins have approved. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { DisputesService } from './disputes.service.js';

@Injectable()
export class DisputesEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly disputes: DisputesService,
  ) {}

  onModuleInit(): void {
    this.effects.register({
      'dispute.rule': { apply: (manager, change, { by }) => this.disputes.rule(manager, by, change) },
      'dispute.review': { apply: (manager, change, { by }) => this.disputes.review(manager, by, change) },
    });
  }
}
