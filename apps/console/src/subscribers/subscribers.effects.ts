/** Applies approved changes of consents and links of subscribers. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { DirectoryService } from '../numbers/directory.service.js';
import { ConsentService } from './consent.service.js';
import { LinksService } from './links.service.js';

@Injectable()
export class SubscribersEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly consents: ConsentService,
    private readonly links: LinksService,
    private readonly directory: DirectoryService,
  ) {}

  onModuleInit(): void {
    this.effects.register({
      'consent.set': {
        check: (manager, { terms, version }) => this.consents.expectVersion(manager, terms.address, version),
        apply: async (manager, { terms, version }, { by }) => {
          await this.consents.expectVersion(manager, terms.address, version);
          await this.consents.write(manager, by, terms);
        },
      },
      'link.change': {
        apply: async (manager, { number, address, findable }, { by }) => {
          await this.links.setFindable(manager, by, number, address, findable);
        },
        announce: ({ number }) => this.directory.changed(number),
      },
      'link.remove': {
        apply: (manager, { number, address }, { by }) => this.links.remove(manager, by, number, address),
        announce: ({ number }) => this.directory.changed(number),
      },
    });
  }
}
