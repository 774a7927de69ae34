/** Decides which keys a caller may issue and revoke alone, and which need the approval of another person. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiKeyRow, PersonRow } from '#database';
import { ApiProblem } from '#http';
import type { ChangeView } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { PeopleRepository } from '../people/people.repository.js';
import { PeopleService } from '../people/people.service.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService, type NewKey } from './api-keys.service.js';

export type IssueOutcome = { row: ApiKeyRow; key: string | undefined } | { proposal: ChangeView };

@Injectable()
export class KeyRequests {
  constructor(
    private readonly database: DataSource,
    private readonly rows: ApiKeysRepository,
    private readonly keys: ApiKeysService,
    private readonly people: PeopleService,
    private readonly peopleRows: PeopleRepository,
    private readonly changes: ChangesService,
  ) {}

  async issue(caller: ApiKeyRow, asked: NewKey & { person?: string | undefined }): Promise<IssueOutcome> {
    const { person: id = caller.personId, reason, ...terms } = asked;
    const isOwn = id === caller.personId;
    if (!isOwn && (caller.role === 'auditor' || caller.role === 'integrator'))
      throw new ApiProblem('forbidden', `person: an ${caller.role} can have keys issued for themselves only`);
    const person = await this.people.find(id, caller);
    if (isOwn || isColleague(caller, person)) return this.issueAtOnce(caller, person, { ...terms, reason });
    const { sha256 } = terms;
    if (sha256 === undefined)
      throw new ApiProblem(
        'invalid',
        'sha256: the person makes the key and gives you its SHA-256, so that only they ever have it',
      );
    const change = { kind: 'key.issue', person: id, terms: { ...terms, sha256 }, reason } as const;
    return { proposal: await this.changes.propose(caller, change, reason) };
  }

  /** @returns the proposal, if a second person has to approve it */
  async revoke(
    caller: ApiKeyRow,
    id: string,
    { reason, withDerived }: { reason: string; withDerived: boolean },
  ): Promise<ChangeView | undefined> {
    const row = await this.rows.find(id);
    if (!row || !maySee(caller, row)) throw new ApiProblem('not-found', `no key ${id}`);
    const affected = await this.keys.affected(this.database.manager, id, withDerived);
    if (await this.isOfAnotherAdmin(caller, affected)) {
      if (caller.role !== 'admin')
        throw new ApiProblem('forbidden', 'a key of an admin is among those that would be revoked');
      return this.changes.propose(caller, { kind: 'key.revoke', id, withDerived, reason }, reason);
    }
    await this.database.transaction((manager) =>
      this.keys.revoke(manager, caller, id, { reason, withDerived }),
    );
    this.keys.forgetKnown();
    return undefined;
  }

  private async issueAtOnce(caller: ApiKeyRow, person: PersonRow, terms: NewKey): Promise<IssueOutcome> {
    if (person.disabledAt) throw new ApiProblem('conflict', `${person.name} is disabled`);
    expectNoStronger(caller, person, terms);
    return this.database.transaction((manager) =>
      this.keys.issue(manager, person, terms, { by: caller, createdBy: caller.id, approvedBy: null }),
    );
  }

  private async isOfAnotherAdmin(caller: ApiKeyRow, rows: ApiKeyRow[]): Promise<boolean> {
    for (const personId of new Set(rows.map((row) => row.personId))) {
      if (personId === caller.personId) continue;
      const person = await this.peopleRows.find(personId);
      if (person?.roles.includes('admin')) return true;
    }
    return false;
  }
}

function isColleague(caller: ApiKeyRow, person: PersonRow): boolean {
  return caller.role === 'operator' && person.network === caller.network;
}

/** An operator sees the keys of their network; an auditor can revoke their own keys. */
function maySee(caller: ApiKeyRow, row: ApiKeyRow): boolean {
  if (caller.role === 'operator') return row.network === caller.network;
  return caller.role === 'admin' || row.personId === caller.personId;
}

/** A key with role auditor cannot issue a key with another role. */
function expectNoStronger(caller: ApiKeyRow, person: PersonRow, { role = person.roles[0] }: NewKey): void {
  if (caller.role === 'auditor' && role !== 'auditor')
    throw new ApiProblem('forbidden', `role: a key with role auditor cannot issue a key with role ${role}`);
}
