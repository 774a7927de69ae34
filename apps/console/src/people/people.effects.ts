/** Applies approved changes of people and their keys. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApiKeysService, type Issuer } from '../access/api-keys.service.js';
import { ChangeEffects, type Step } from '../exchange/change-effects.js';
import { PeopleService } from './people.service.js';

@Injectable()
export class PeopleEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly people: PeopleService,
    private readonly keys: ApiKeysService,
  ) {}

  onModuleInit(): void {
    const announce = () => {
      this.keys.forgetKnown();
      return Promise.resolve();
    };
    this.effects.register({
      'person.add': {
        apply: (manager, { terms }, step) => this.people.add(manager, terms, issuerOf(step)),
        announce,
      },
      'person.roles': {
        apply: (manager, change, { by }) => this.people.changeRoles(manager, by, change),
        announce,
      },
      'person.disable': {
        apply: async (manager, change, { by }) => {
          await this.people.disable(manager, by, change);
        },
        announce,
      },
      'key.issue': {
        apply: (manager, { person, terms, reason }, step) =>
          this.people.issue(manager, person, { ...terms, reason }, issuerOf(step)),
        announce,
      },
      'key.revoke': {
        apply: async (manager, change, { by }) => {
          await this.keys.revoke(manager, by, change.id, change);
        },
        announce,
      },
    });
  }
}

function issuerOf({ by, proposedBy, approvedBy }: Step): Issuer {
  return { by, createdBy: proposedBy, approvedBy };
}
