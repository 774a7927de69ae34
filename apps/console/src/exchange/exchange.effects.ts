/** Applies approved changes of agreements, tariffs, routes and the phase. */
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../core/clock.js';
import { RegistryService } from '../registry/registry.service.js';
import { applyChange } from './apply-change.repository.js';
import { ChangeEffects, type ChangeEffect, type Step } from './change-effects.js';
import type { ExchangeChange } from './changes.js';
import { mustNotBePast } from './tariff-date.js';
import { touchedEntries } from './touched-entries.repository.js';

@Injectable()
export class ExchangeEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly registry: RegistryService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const effect: ChangeEffect<ExchangeChange> = {
      apply: (manager, change, step) => this.apply(manager, change, step),
      announce: () => this.registry.settled(),
    };
    this.effects.register({
      'agreement.add': effect,
      'agreement.replace': effect,
      'agreement.end': effect,
      'tariff.add': effect,
      'tariff.pair': effect,
      'route.set': effect,
      'route.remove': effect,
      'phase.set': effect,
    });
  }

  private async apply(manager: EntityManager, change: ExchangeChange, step: Step): Promise<void> {
    if (change.kind === 'tariff.add' || change.kind === 'tariff.pair')
      mustNotBePast(change.terms.validFrom, this.clock());
    const touched = await touchedEntries(manager, change);
    await applyChange(manager, change, step.change ?? undefined);
    await this.registry.changed(manager, ...touched);
  }
}
