import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { HubError } from '#protocol';
import { ApiKeyRow, NetworkRow, type Role } from '#database';

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

  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  async find(key: string): Promise<ApiKeyRow | undefined> {
    const hash = hashOf(key);
    const known = this.known.get(hash);
    if (known) return known;
    const row = await this.database.getRepository(ApiKeyRow).findOneBy({ hash });
    if (row) this.known.set(hash, row);
    return row ?? undefined;
  }

  list(): Promise<ApiKeyRow[]> {
    return this.database.getRepository(ApiKeyRow).find({ order: { createdAt: 'ASC' } });
  }

  /** @returns the key itself: shown this once, kept only as a hash */
  async create(
    { name, role, network }: NewKey,
    key = `hk_${randomBytes(32).toString('base64url')}`,
  ): Promise<{ row: ApiKeyRow; key: string }> {
    if ((role === 'operator') !== (network !== undefined))
      throw new HubError('30', 'network: an operator key names its network, others name none');
    if (network !== undefined && !(await this.database.getRepository(NetworkRow).existsBy({ slug: network })))
      throw new HubError('15', `network: ${network} is not registered`);
    const row = this.database.getRepository(ApiKeyRow).create({
      id: randomUUID(),
      name,
      role,
      network: network ?? null,
      hash: hashOf(key),
      prefix: key.slice(0, PREFIX_LENGTH),
      createdAt: new Date(),
    });
    await this.database.getRepository(ApiKeyRow).insert(row);
    return { row, key };
  }

  async revoke(id: string): Promise<void> {
    const { affected } = await this.database.getRepository(ApiKeyRow).delete({ id });
    if (!affected) throw new HubError('14', `no key ${id}`);
    this.known.clear();
  }

  /** The first admin's key comes from the settings. */
  async ensureAdmin(key: string): Promise<void> {
    if (!(await this.find(key))) await this.create({ name: 'first admin', role: 'admin' }, key);
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
