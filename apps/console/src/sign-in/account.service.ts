/** What people change about their own sign-in with a password. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiKeyRow, PersonRow } from '#database';
import { ApiProblem } from '#http';
import { SessionsService } from '../access/sessions.service.js';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { noted } from './account-entry.js';
import { hashOfPassword } from './password-hash.js';
import { SignInRepository } from './sign-in.repository.js';
import { roleOf, SignInService } from './sign-in.service.js';

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
}

function isGuessable(password: string, { name, mail }: PersonRow): boolean {
  const given = password.trim().toLowerCase();
  return [name.toLowerCase(), mail.toLowerCase()].includes(given) || new Set(given).size < 4;
}
