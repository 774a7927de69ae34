/** API keys. Each belongs to a person, expires, and is revoked together with the keys that were derived from it. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ApiKeyRow, PersonRow, type Role } from '#database';
import { ApiProblem } from '#http';
import { LruCache, type Log } from '#service';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { AuditService } from '../audit/audit.service.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { personOfSettings } from '../people/people.repository.js';

export interface NewKey {
  name: string;
  /** One of the roles of the person; an admin can also have a key with role auditor. Default: the first role of the person. */
  role?: Role | undefined;
  reason: string;
  /** Days until the key expires. */
  days: number;
  /** SHA-256 of a key that the person made. Absent: the console makes the key. */
  sha256?: string | undefined;
}

export interface Issuer {
  /** Key of the caller who issues it. */
  by: ApiKeyRow;
  /** Key of the caller who proposed it; the same as `by` if nobody had to approve. */
  createdBy: string;
  approvedBy: string | null;
}

const PREFIX_LENGTH = 9;
const CACHE_MS = 5000;
const DAY_MS = 24 * 3600_000;

@Injectable()
export class ApiKeysService {
  /** Keys are cached for a few seconds, so that a revocation by another console takes effect that much later. */
  private readonly known = new LruCache<string, ApiKeyRow>({ max: 1000, ttl: CACHE_MS });

  constructor(
    private readonly database: DataSource,
    private readonly rows: ApiKeysRepository,
    private readonly audit: AuditService,
    private readonly announcements: AnnouncementsRepository,
  ) {}

  /** Also returns expired keys, so that the caller can report the expiry. */
  async find(key: string): Promise<ApiKeyRow | undefined> {
    const hash = sha256Of(key);
    const known = this.known.get(hash);
    if (known) return known;
    const row = await this.rows.findUsable(hash);
    if (row) this.known.set(hash, row);
    return row ?? undefined;
  }

  /** @returns the row, and the key if the console made it. The key is shown once and stored as a hash only */
  async issue(
    manager: EntityManager,
    person: PersonRow,
    { name, role, reason, days, sha256 }: NewKey,
    { by, createdBy, approvedBy }: Issuer,
  ): Promise<{ row: ApiKeyRow; key: string | undefined }> {
    const given = roleOf(person, role);
    const key = sha256 === undefined ? `hk_${randomBytes(32).toString('base64url')}` : undefined;
    const row: ApiKeyRow = {
      id: randomUUID(),
      name,
      role: given,
      network: person.network,
      hash: key === undefined ? (sha256 ?? '') : sha256Of(key),
      prefix: (key ?? `#${sha256}`).slice(0, PREFIX_LENGTH),
      createdBy,
      approvedBy,
      createdAt: new Date(),
      personId: person.id,
      expiresAt: new Date(Date.now() + days * DAY_MS),
      lastUsedAt: null,
      reason,
      ...NOT_REVOKED,
    };
    if (await manager.getRepository(ApiKeyRow).existsBy({ hash: row.hash }))
      throw new ApiProblem('conflict', 'sha256: a key with this hash exists already; make another key');
    await this.rows.insert(manager, row);
    await this.announce(manager, row, `A key of ${person.name} (${person.mail}) for the console was issued`);
    await this.audit.record(manager, {
      by,
      action: 'key.issued',
      subject: `key/${row.id}`,
      reason,
      change: { person: person.id, name, role: given, network: row.network, expiresAt: row.expiresAt },
      networks: concerned(row),
    });
    return { row, key };
  }

  /** @returns the revoked keys: this one and, with `withDerived`, the keys that were derived from it */
  async revoke(
    manager: EntityManager,
    by: ApiKeyRow,
    id: string,
    { reason, withDerived }: { reason: string; withDerived: boolean },
  ): Promise<ApiKeyRow[]> {
    const all = await this.affected(manager, id, withDerived);
    if (withDerived)
      await this.rows.forgetPasswords(
        manager,
        all.map((row) => row.id),
      );
    for (const row of all) {
      if (!(await this.rows.revoke(manager, row.id, { by: by.id, reason }))) continue;
      await this.announce(manager, row, `The key "${row.name}" for the console was revoked: ${reason}`);
      await this.audit.record(manager, {
        by,
        action: 'key.revoked',
        subject: `key/${row.id}`,
        reason,
        change: { person: row.personId, name: row.name, derivedFrom: row.id === id ? null : id },
        networks: concerned(row),
      });
    }
    return all;
  }

  /** The keys that a revocation would revoke. @throws ApiProblem not-found */
  async affected(manager: EntityManager, id: string, withDerived: boolean): Promise<ApiKeyRow[]> {
    const derived = await this.rows.derivedFrom(manager, id);
    if (!derived.some((row) => row.id === id)) throw new ApiProblem('not-found', `no key ${id}`);
    return withDerived ? derived : derived.filter((row) => row.id === id);
  }

  /** Clears the cache. Call it after a transaction that changed keys or people. */
  forgetKnown(): void {
    this.known.clear();
  }

  /**
   * Makes the keys of the first admins valid, which come from the settings and belong to the people `first admin` and `second
   * admin`. A revoked key stays revoked: the settings then need another key.
   */
  async ensureSettingsKey(key: string, name: string, log: Log): Promise<void> {
    const hash = sha256Of(key);
    const row = await this.rows.findByHash(hash);
    if (row?.revokedAt) {
      const { id, revokedAt, revokedReason } = row;
      log.warn(
        { key: id, revokedAt, reason: revokedReason },
        `the key for ${name} in the settings is ignored because it was revoked: set another key`,
      );
      return;
    }
    if (!row) await this.database.transaction((manager) => this.addSettingsKey(manager, key, hash, name));
  }

  private async addSettingsKey(
    manager: EntityManager,
    key: string,
    hash: string,
    name: string,
  ): Promise<void> {
    const mail = `${name.replaceAll(' ', '-')}@settings.invalid`;
    const person = await personOfSettings(manager, {
      id: randomUUID(),
      name,
      mail,
      roles: ['admin'],
      network: null,
      createdAt: new Date(),
      version: 1,
    });
    const row: ApiKeyRow = {
      id: randomUUID(),
      name,
      role: 'admin',
      network: null,
      hash,
      prefix: key.slice(0, PREFIX_LENGTH),
      createdBy: null,
      approvedBy: null,
      createdAt: new Date(),
      personId: person.id,
      expiresAt: null,
      lastUsedAt: null,
      reason: 'from the settings of the console',
      ...NOT_REVOKED,
    };
    await this.rows.insert(manager, row);
    await this.audit.record(manager, {
      by: 'hub',
      action: 'key.issued',
      subject: `key/${row.id}`,
      reason: row.reason,
      change: { person: person.id, name, role: 'admin' },
    });
  }

  private async announce(manager: EntityManager, row: ApiKeyRow, words: string): Promise<void> {
    if (row.network === null) return;
    const subject = `key/${row.id}`;
    await this.announcements.announce(manager, { network: row.network, kind: 'key', subject, words });
  }
}

const NOT_REVOKED = { expiryRecordedAt: null, revokedAt: null, revokedBy: null, revokedReason: null };

/** @throws ApiProblem invalid */
function roleOf({ roles, name }: PersonRow, asked: Role | undefined): Role {
  const role = asked ?? roles[0];
  const readsOnly = role === 'auditor' && roles.includes('admin');
  if (role === undefined || (!roles.includes(role) && !readsOnly))
    throw new ApiProblem('invalid', `role: ${name} has the roles ${roles.join(', ')}`);
  return role;
}

function concerned({ network }: ApiKeyRow): string[] {
  return network === null ? [] : [network];
}

export function sha256Of(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
