/** Carries out an approved change of people, keys, a business day or a subscriber's reach. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BlockedService } from '../abuse/blocked.service.js';
import { ApiKeysService, type Issuer } from '../access/api-keys.service.js';
import { DirectoryService } from '../numbers/directory.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { DayClosing } from '../settlement/day-closing.js';
import { ConsentService } from '../subscribers/consent.service.js';
import { LinksService } from '../subscribers/links.service.js';
import type { GovernedChange } from './governed-changes.js';
import { PeopleService } from './people.service.js';

@Injectable()
export class GovernedEffects {
  constructor(
    @Inject(PeopleService) private readonly people: PeopleService,
    @Inject(ApiKeysService) private readonly keys: ApiKeysService,
    @Inject(DayClosing) private readonly days: DayClosing,
    @Inject(ConsentService) private readonly consents: ConsentService,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(BlockedService) private readonly blocked: BlockedService,
    @Inject(RegistryService) private readonly registry: RegistryService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  /**
   * What a proposal is tried out with: the caller rolls the transaction back, so nothing outside the database may happen.
   * @throws ApiProblem when it could not be carried out now
   */
  async check(manager: EntityManager, change: GovernedChange, issuer: Issuer): Promise<void> {
    switch (change.kind) {
      case 'day.close':
        return this.days.expectOpen(change.date);
      case 'consent.set':
        return this.consents.expectVersion(manager, change.terms.address, change.version);
      default:
        return this.apply(manager, change, issuer);
    }
  }

  /** @throws ApiProblem when what it is about is not what it was when it was proposed */
  async apply(manager: EntityManager, change: GovernedChange, issuer: Issuer): Promise<void> {
    const { by } = issuer;
    switch (change.kind) {
      case 'person.add':
        return this.people.add(manager, change.terms, issuer);
      case 'person.roles':
        return this.people.changeRoles(manager, by, change);
      case 'person.disable':
        await this.people.disable(manager, by, change);
        return;
      case 'key.issue':
        return this.people.issue(manager, change.person, { ...change.terms, reason: change.reason }, issuer);
      case 'key.revoke':
        await this.keys.revoke(manager, by, change.id, change);
        return;
      case 'day.close':
        await this.days.close(manager, by, change.date, true);
        return;
      case 'consent.set':
        await this.consents.expectVersion(manager, change.terms.address, change.version);
        await this.consents.write(manager, by, change.terms);
        return;
      case 'block.add':
        await this.blocked.block(manager, by, change.terms);
        return;
      case 'block.remove':
        return this.blocked.unblock(manager, by, change.id, null);
      case 'link.change':
        await this.links.setFindable(manager, by, change.number, change.address, change.findable);
        return;
      case 'link.remove':
        return this.links.remove(manager, by, change.number, change.address);
    }
  }

  /** After the transaction: to whoever keeps a copy. */
  async announce(change: GovernedChange): Promise<void> {
    switch (change.kind) {
      case 'person.add':
      case 'person.roles':
      case 'person.disable':
      case 'key.issue':
      case 'key.revoke':
        return this.keys.forgetKnown();
      case 'link.change':
      case 'link.remove':
        return this.directory.changed(change.number);
      case 'block.add':
      case 'block.remove':
        return this.registry.settled();
      case 'day.close':
      case 'consent.set':
        return;
    }
  }
}
