/** Applies approved changes of ported numbers. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { applyChange } from '../exchange/apply-change.repository.js';
import { ChangeEffects } from '../exchange/change-effects.js';
import { DirectoryService } from './directory.service.js';

@Injectable()
export class NumbersEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly directory: DirectoryService,
  ) {}

  onModuleInit(): void {
    this.effects.register({
      'number.port': {
        apply: (manager, change) => applyChange(manager, change),
        announce: ({ terms }) => this.directory.changed(terms.number),
      },
      'number.restore': {
        apply: (manager, change) => applyChange(manager, change),
        announce: ({ number }) => this.directory.changed(number),
      },
    });
  }
}
