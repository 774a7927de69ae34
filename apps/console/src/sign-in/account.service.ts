/** What people change about their own sign-in: password, second factor, preferences. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiKeyRow, PersonRow } from '#database';
import { ApiProblem } from '#http';
import { SessionsService } from '../access/sessions.service.js';
import { AuditService, type Change } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { hashOfPassword } from './password-hash.js';
import { SignInRepository } from './sign-in.repository.js';
import { roleOf, SignInService, type Credentials } from './sign-in.service.js';
import { acceptedStep, newSecret, otpauthUri } from './totp.js';

export interface PasswordChange {
  password: string;
  current?: string | undefined;
  code?: string | undefined;
}

export interface Visit {
  ip: string;
  /** The request has a session, not an API key. */
  bySession: boolean;
}

@Injectable()
export class AccountService {
  constructor(
    private readonly database: DataSource,
    private readonly rows: SignInRepository,
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Ends all other sessions of the person. @throws ApiProblem */
  async setPassword(
    caller: ApiKeyRow,
    person: PersonRow,
    change: PasswordChange,
    { ip, bySession }: Visit,
  ): Promise<void> {
    const { password, current, code } = change;
    if (isGuessable(password, person))
      throw new ApiProblem('invalid', 'password: take another one than the name or the mail address');
    // With a key of an auditor, an admin would otherwise get the role admin.
    if (caller.role !== roleOf(person.roles))
      throw new ApiProblem(
        'forbidden',
        `a key with role ${caller.role} cannot set a password of ${person.name}`,
      );
    const before = await this.rows.password(person.id);
    if (before) {
      if (current === undefined) throw new ApiProblem('invalid', 'current: the present password is needed');
      await this.signIns.proveAgain(person, { password: current, code }, ip);
    }
    const hash = await hashOfPassword(password);
    const provenBy = bySession ? caller.createdBy : caller.id;
    await this.database.transaction(async (manager) => {
      await this.rows.setPassword(manager, person.id, { hash, provenBy, at: this.clock() });
      const ending = { reason: 'the password was changed', except: caller.id };
      await this.sessions.endAll(manager, caller, person.id, ending);
      await this.audit.record(manager, noted(caller, person, 'password-set', before ? 'changed' : 'first'));
    });
  }

  /** Takes effect when a code confirms it. */
  async offerSecondFactor(
    caller: ApiKeyRow,
    person: PersonRow,
    proof: Omit<Credentials, 'user'>,
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

  async confirmSecondFactor(caller: ApiKeyRow, person: PersonRow, code: string): Promise<void> {
    const factor = await this.rows.secondFactor(person.id);
    if (!factor || factor.confirmed_at)
      throw new ApiProblem('conflict', 'there is no second factor to confirm: have one offered first');
    const step = acceptedStep(factor.secret, code, { now: this.clock(), lastStep: Number(factor.last_step) });
    if (step === undefined)
      throw new ApiProblem('invalid', 'code: not that of the authenticator; check the clock of its device');
    await this.audit.changing(noted(caller, person, 'second-factor-set', 'own wish'), async (manager) => {
      if (!(await this.rows.useStep(person.id, step, manager)))
        throw new ApiProblem('conflict', 'code: this one was used already; wait for the next');
      await this.rows.confirmFactor(manager, person.id, this.clock());
    });
  }

  async removeSecondFactor(
    caller: ApiKeyRow,
    person: PersonRow,
    proof: Omit<Credentials, 'user'>,
    ip: string,
  ): Promise<void> {
    await this.signIns.proveAgain(person, proof, ip);
    await this.audit.changing(noted(caller, person, 'second-factor-removed', 'own wish'), (manager) =>
      this.rows.removeFactor(manager, person.id),
    );
  }
}

function noted(by: ApiKeyRow, { id, network }: PersonRow, verb: string, reason: string): Change {
  const networks = network === null ? [] : [network];
  return { by, action: `person.${verb}`, subject: `person/${id}`, reason, change: null, networks };
}

function isGuessable(password: string, { name, mail }: PersonRow): boolean {
  const given = password.trim().toLowerCase();
  return [name.toLowerCase(), mail.toLowerCase()].includes(given) || new Set(given).size < 4;
}
