/** The second factor of a person: setting it up, removing it, and the ways back for who has lost it. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow, PersonRow } from '#database';
import { ApiProblem } from '#http';
import { SessionsRepository } from '../access/sessions.repository.js';
import { SessionsService } from '../access/sessions.service.js';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { PeopleService } from '../people/people.service.js';
import { noted } from './account-entry.js';
import { RecoveryCodesService } from './recovery-codes.service.js';
import { RecoveryRepository } from './recovery.repository.js';
import { SignInRepository } from './sign-in.repository.js';
import { SignInService, type Credentials } from './sign-in.service.js';
import { acceptedStep, newSecret, otpauthUri } from './totp.js';

type Proof = Omit<Credentials, 'user'>;

@Injectable()
export class SecondFactorService {
  constructor(
    private readonly rows: SignInRepository,
    private readonly recovery: RecoveryRepository,
    private readonly codes: RecoveryCodesService,
    private readonly signIns: SignInService,
    private readonly people: PeopleService,
    private readonly sessions: SessionsService,
    private readonly openSessions: SessionsRepository,
    private readonly announcements: AnnouncementsRepository,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes effect when a code confirms it. */
  async offer(
    caller: ApiKeyRow,
    person: PersonRow,
    proof: Proof,
    ip: string,
  ): Promise<{ uri: string; secret: string }> {
    await this.signIns.proveAgain(person, proof, ip);
    const secret = newSecret();
    await this.audit.changing(noted(caller, person, 'second-factor-offered', 'own wish'), async (manager) => {
      if (!(await this.rows.offerFactor(manager, person.id, secret, this.clock())))
        throw new ApiProblem('conflict', 'there is a second factor already: remove it first');
    });
    return { uri: otpauthUri(secret, person.mail), secret };
  }

  /** @returns recovery codes */
  async confirm(caller: ApiKeyRow, person: PersonRow, code: string): Promise<string[]> {
    const factor = await this.rows.secondFactor(person.id);
    if (!factor || factor.confirmed_at)
      throw new ApiProblem('conflict', 'there is no second factor to confirm: have one offered first');
    const step = acceptedStep(factor.secret, code, { now: this.clock(), lastStep: Number(factor.last_step) });
    if (step === undefined)
      throw new ApiProblem('invalid', 'code: not that of the authenticator; check the clock of its device');
    return this.audit.changing(noted(caller, person, 'second-factor-set', 'own wish'), async (manager) => {
      if (!(await this.rows.useStep(person.id, step, manager)))
        throw new ApiProblem('conflict', 'code: this one was used already; wait for the next');
      await this.rows.confirmFactor(manager, person.id, this.clock());
      if (await this.recovery.endReset(manager, person.id)) await this.enrolled(manager, caller, person);
      return this.codes.renew(manager, person.id);
    });
  }

  async remove(caller: ApiKeyRow, person: PersonRow, proof: Proof, ip: string): Promise<void> {
    await this.signIns.proveAgain(person, proof, ip);
    await this.audit.changing(noted(caller, person, 'second-factor-removed', 'own wish'), async (manager) => {
      await this.rows.removeFactor(manager, person.id);
      await this.recovery.removeCodes(manager, person.id);
    });
  }

  /** @returns new recovery codes; those before are accepted no more */
  async renewCodes(caller: ApiKeyRow, person: PersonRow, proof: Proof, ip: string): Promise<string[]> {
    await this.signIns.proveAgain(person, proof, ip);
    return this.audit.changing(noted(caller, person, 'recovery-codes-made', 'own wish'), async (manager) => {
      if (!(await this.rows.secondFactor(person.id))?.confirmed_at)
        throw new ApiProblem('conflict', 'there is no second factor: set one up first');
      return this.codes.renew(manager, person.id);
    });
  }

  /** When the second factor of a person was set up. @throws ApiProblem conflict: there is none */
  async setUpAt({ id, name }: PersonRow): Promise<Date> {
    const confirmedAt = (await this.rows.secondFactor(id))?.confirmed_at;
    if (!confirmedAt) throw new ApiProblem('conflict', `${name} has no second factor`);
    return confirmedAt;
  }

  /** At the next sign-in with the password, the person sets up a new second factor before anything else. */
  async reset(
    manager: EntityManager,
    by: ApiKeyRow,
    { id, confirmedAt, reason }: { id: string; confirmedAt: string; reason: string },
  ): Promise<void> {
    if (by.personId === id)
      throw new ApiProblem('forbidden', 'two other admins reset a second factor, not its owner');
    const person = await this.people.active(manager, id);
    if ((await this.setUpAt(person)).toISOString() !== confirmedAt)
      throw new ApiProblem(
        'conflict',
        `${person.name} has set up another second factor since this was proposed`,
      );
    await this.rows.removeFactor(manager, id);
    await this.recovery.removeCodes(manager, id);
    await this.recovery.setReset(manager, id, this.clock());
    if (person.network !== null)
      await this.announcements.announce(manager, {
        network: person.network,
        kind: 'key',
        subject: `person/${id}`,
        words: `two admins have reset the second factor of ${person.name} (${person.mail}): ${reason}`,
      });
    await this.sessions.endAll(manager, by, id, { reason: 'the second factor was reset' });
    await this.audit.record(manager, noted(by, person, 'second-factor-reset', reason));
  }

  /** Other sessions of the time without a second factor can be those of somebody who knew the password. */
  private async enrolled(manager: EntityManager, caller: ApiKeyRow, { id }: PersonRow): Promise<void> {
    await this.openSessions.enrolled(manager, caller.id);
    const ending = { reason: 'a new second factor was set up', except: caller.id };
    await this.sessions.endAll(manager, caller, id, ending);
  }
}
