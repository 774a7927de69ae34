/** Applies approved resets of second factors. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { SecondFactorService } from './second-factor.service.js';

@Injectable()
export class SignInEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly factors: SecondFactorService,
  ) {}

  onModuleInit(): void {
    this.effects.register({
      'person.second-factor-reset': {
        apply: (manager, change, { by, reason }) => this.factors.reset(manager, by, { ...change, reason }),
      },
    });
  }
}
