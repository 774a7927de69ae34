/** People: adds them, changes their roles, disables them. Each step writes an audit entry in its transaction. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow, PersonRow, Role } from '#database';
import { ApiProblem } from '#http';
import { ApiKeysService, type Issuer } from '../access/api-keys.service.js';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { AuditService } from '../audit/audit.service.js';
import { PeopleRepository } from './people.repository.js';
import type { KeyTerms, PersonTerms } from './person.dto.js';

/** Minimum number of admins: one alone could approve nothing. */
const FEWEST_ADMINS = 2;

@Injectable()
export class PeopleService {
  constructor(
    private readonly people: PeopleRepository,
    private readonly keys: ApiKeysService,
    private readonly audit: AuditService,
    private readonly announcements: AnnouncementsRepository,
  ) {}

  /** @throws ApiProblem not-found, also for people of other networks if the caller is an operator */
  async find(id: string, caller: ApiKeyRow): Promise<PersonRow> {
    const person = await this.people.find(id);
    const isColleague = caller.network === null || person?.network === caller.network;
    if (!person || !isColleague) throw new ApiProblem('not-found', `no person ${id}`);
    return person;
  }

  async add(manager: EntityManager, terms: PersonTerms, issuer: Issuer): Promise<void> {
    const { name, mail, roles, network = null, key } = terms;
    const isMember = roles.includes('operator');
    if (network !== null && isMember && !(await this.people.networkExists(manager, network)))
      throw new ApiProblem('invalid', `network: ${network} is not registered`);
    const row: PersonRow = {
      id: randomUUID(),
      name,
      mail,
      roles,
      network,
      createdAt: new Date(),
      createdBy: issuer.createdBy,
      approvedBy: issuer.approvedBy,
      disabledAt: null,
      disabledBy: null,
      version: 1,
    };
    if (!(await this.people.insert(manager, row)))
      throw new ApiProblem('conflict', `mail: somebody with ${mail} is registered already`);
    await this.note(manager, issuer.by, row, 'person.added', 'two people agreed', { name, mail, roles });
    await this.tell(manager, row, `${name} (${mail}) may now act for your network on the console`);
    if (key) await this.keys.issue(manager, row, { ...key, reason: 'first key' }, issuer);
  }

  async issue(
    manager: EntityManager,
    id: string,
    terms: KeyTerms & { reason: string },
    issuer: Issuer,
  ): Promise<void> {
    await this.keys.issue(manager, await this.active(manager, id), terms, issuer);
  }

  /** Changes the roles. Keys with a role that the person loses are revoked. */
  async changeRoles(
    manager: EntityManager,
    by: ApiKeyRow,
    { id, version, roles }: { id: string; version: number; roles: Role[] },
  ): Promise<void> {
    const row = await this.active(manager, id, version);
    if (row.network !== null)
      throw new ApiProblem('invalid', `roles: ${row.name} acts for ${row.network}; add another person`);
    const before = row.roles;
    if (before.includes('admin') && !roles.includes('admin')) await this.expectAdminsBeside(manager);
    await this.people.save(manager, Object.assign(row, { roles, version: row.version + 1 }));
    await this.note(manager, by, row, 'person.roles-changed', 'two people agreed', {
      from: before,
      to: roles,
    });
    const kept: Role[] = roles.includes('admin') ? [...roles, 'auditor'] : roles;
    const revocation = { reason: 'the person has this role no more', withDerived: true };
    for (const key of await this.people.keysOf(manager, id, kept))
      await this.keys.revoke(manager, by, key, revocation).catch(ifRevokedBefore);
  }

  async disable(
    manager: EntityManager,
    by: ApiKeyRow,
    { id, version, reason }: { id: string; version: number; reason: string },
  ): Promise<PersonRow> {
    const row = await this.active(manager, id, version);
    if (row.roles.includes('admin')) await this.expectAdminsBeside(manager);
    for (const key of await this.people.keysOf(manager, id))
      await this.keys.revoke(manager, by, key, { reason, withDerived: true }).catch(ifRevokedBefore);
    const disabled = Object.assign(row, {
      disabledAt: new Date(),
      disabledBy: by.id,
      version: row.version + 1,
    });
    await this.people.save(manager, disabled);
    await this.note(manager, by, row, 'person.disabled', reason, null);
    await this.tell(manager, row, `${row.name} (${row.mail}) may no longer act for your network: ${reason}`);
    return disabled;
  }

  /** Locks the person. @throws ApiProblem not-found, or conflict if the person is disabled or has changed since `version` */
  async active(manager: EntityManager, id: string, version?: number): Promise<PersonRow> {
    const row = await this.people.lock(manager, id);
    if (!row) throw new ApiProblem('not-found', `no person ${id}`);
    if (row.disabledAt) throw new ApiProblem('conflict', `${row.name} is disabled`);
    if (version !== undefined && row.version !== version)
      throw new ApiProblem(
        'conflict',
        `${row.name} has changed since this was proposed: read it and propose again`,
      );
    return row;
  }

  private async expectAdminsBeside(manager: EntityManager): Promise<void> {
    if ((await this.people.countAdmins(manager)) <= FEWEST_ADMINS)
      throw new ApiProblem(
        'conflict',
        'two admins must remain, or nothing could be approved: add another first',
      );
  }

  private async note(
    manager: EntityManager,
    by: ApiKeyRow,
    { id, network }: PersonRow,
    action: string,
    reason: string,
    change: unknown,
  ): Promise<void> {
    const networks = network === null ? [] : [network];
    await this.audit.record(manager, { by, action, subject: `person/${id}`, reason, change, networks });
  }

  private async tell(manager: EntityManager, { id, network }: PersonRow, words: string): Promise<void> {
    if (network === null) return;
    await this.announcements.announce(manager, { network, kind: 'key', subject: `person/${id}`, words });
  }
}

/** Revokes a key, unless it was revoked with the key that it was derived from. */
function ifRevokedBefore(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.kind !== 'not-found') throw error;
}
