import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, IsNull } from 'typeorm';
import { ApiKeyRow, NetworkRow, type Role } from '#database';
import type { MomentKey } from '../http/page.js';
import { AuditService } from '../audit/audit.service.js';
import { ApiProblem } from '../http/problems.js';

export interface NewKey {
  name: string;
  role: Role;
  network?: string | undefined;
}

const PREFIX_LENGTH = 9;
const CACHE_MS = 5000;

@Injectable()
export class ApiKeysService {
  /** A key is looked up once in a few seconds; a revoked one works that much longer at the most. */
  private readonly known = new LRUCache<string, ApiKeyRow>({ max: 1000, ttl: CACHE_MS });

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  async find(key: string): Promise<ApiKeyRow | undefined> {
    const hash = hashOf(key);
    const known = this.known.get(hash);
    if (known) return known;
    const row = await this.database.getRepository(ApiKeyRow).findOneBy({ hash, revokedAt: IsNull() });
    if (row) this.known.set(hash, row);
    return row ?? undefined;
  }

  /** Oldest first. */
  page(after: MomentKey | undefined, limit: number): Promise<ApiKeyRow[]> {
    const rows = this.database.getRepository(ApiKeyRow).createQueryBuilder('key');
    rows.where('key.revokedAt IS NULL');
    if (after) rows.andWhere('(key.createdAt, key.id) > (:at, :id)', { at: after[0], id: after[1] });
    return rows.orderBy('key.createdAt').addOrderBy('key.id').take(limit).getMany();
  }

  /** @returns the key itself: shown this once, kept only as a hash */
  async create(
    by: ApiKeyRow | 'hub',
    { name, role, network }: NewKey,
    key = `hk_${randomBytes(32).toString('base64url')}`,
  ): Promise<{ row: ApiKeyRow; key: string }> {
    if ((role === 'operator') !== (network !== undefined))
      throw new ApiProblem('invalid', 'network: an operator key names its network, others name none');
    if (network !== undefined && !(await this.database.getRepository(NetworkRow).existsBy({ slug: network })))
      throw new ApiProblem('invalid', `network: ${network} is not registered`);
    const row = this.database.getRepository(ApiKeyRow).create({
      id: randomUUID(),
      name,
      role,
      network: network ?? null,
      hash: hashOf(key),
      prefix: key.slice(0, PREFIX_LENGTH),
      createdBy: by === 'hub' ? null : by.id,
      createdAt: new Date(),
      revokedAt: null,
    });
    const change = {
      by,
      action: 'key.created',
      subject: `key/${row.id}`,
      reason: `for ${name}`,
      change: { name, role, network },
    };
    await this.audit.changing(change, (manager) => manager.getRepository(ApiKeyRow).insert(row));
    return { row, key };
  }

  async revoke(by: ApiKeyRow, id: string): Promise<void> {
    const change = {
      by,
      action: 'key.revoked',
      subject: `key/${id}`,
      reason: 'no reason given',
      change: null,
    };
    await this.audit.changing(change, async (manager) => {
      const { affected } = await manager
        .getRepository(ApiKeyRow)
        .update({ id, revokedAt: IsNull() }, { revokedAt: new Date() });
      if (!affected) throw new ApiProblem('not-found', `no key ${id}`);
    });
    this.known.clear();
  }

  /** The keys of the first admins come from the settings. */
  async ensureAdmin(key: string, name: string): Promise<void> {
    if (await this.find(key)) return;
    const revived = await this.database
      .getRepository(ApiKeyRow)
      .update({ hash: hashOf(key) }, { revokedAt: null });
    if (!revived.affected) await this.create('hub', { name, role: 'admin' }, key);
  }

  /**
   * Do the two go back to one key? Then they are one person's for all we know, whatever was made and revoked between: only the
   * keys of the settings are given to different people by somebody else.
   */
  async areKin(one: string, other: string): Promise<boolean> {
    const roots = await this.database.query<{ root: string }[]>(
      `WITH RECURSIVE line AS (
         SELECT id, created_by FROM api_key WHERE id IN ($1, $2)
         UNION SELECT k.id, k.created_by FROM api_key k JOIN line ON k.id = line.created_by)
       SELECT id AS root FROM line WHERE created_by IS NULL`,
      [one, other],
    );
    return roots.length < 2;
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
