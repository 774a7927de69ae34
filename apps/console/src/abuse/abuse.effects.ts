/** Applies changes that two admins have approved: blocks of addresses, and measures that are lifted or complaints that are dismissed. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { RegistryService } from '../registry/registry.service.js';
import { BlockedService } from './blocked.service.js';
import { RiskDecisions } from './risk-decisions.js';

@Injectable()
export class AbuseEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly blocked: BlockedService,
    private readonly risks: RiskDecisions,
    private readonly registry: RegistryService,
  ) {}

  onModuleInit(): void {
    const announce = () => this.registry.settled();
    this.effects.register({
      'block.add': {
        apply: async (manager, { terms }, { by }) => {
          await this.blocked.block(manager, by, terms);
        },
        announce,
      },
      'block.remove': {
        apply: (manager, { id }, { by }) => this.blocked.unblock(manager, by, id, null),
        announce,
      },
      'risk.lift': {
        apply: (manager, change, { by, reason }) => this.risks.apply(manager, by, change, reason),
        announce,
      },
      'risk.dismiss': {
        apply: (manager, change, { by, reason }) => this.risks.apply(manager, by, change, reason),
        announce,
      },
    });
  }
}
