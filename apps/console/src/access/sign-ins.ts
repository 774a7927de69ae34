/** Writes uses of keys to the audit log: the first use of each key and address within an hour. */
import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { LruCache } from '#service';
import { AuditService } from '../audit/audit.service.js';
import { ApiKeysRepository } from './api-keys.repository.js';

const HOUR_MS = 3600_000;
const MINUTE_MS = 60_000;
/** Maximum number of addresses of one key per hour. Further ones count as the address `others`, so that a key cannot fill the audit log. */
const MOST_ADDRESSES = 20;
const OTHERS = 'others';

@Injectable()
export class SignIns {
  /** Uses that are in the audit log already: `<key> <address>`. */
  private readonly written = new LruCache<string, true>({ max: 10_000, ttl: HOUR_MS });
  /** Keys whose time of last use was written within the last minute. */
  private readonly touched = new LruCache<string, true>({ max: 10_000, ttl: MINUTE_MS });

  constructor(
    private readonly database: DataSource,
    private readonly keys: ApiKeysRepository,
    private readonly audit: AuditService,
  ) {}

  /** Called before a request is served. If the use cannot be written, the request fails. */
  async seen(key: ApiKeyRow, ip: string): Promise<void> {
    const address = addressGroup(ip);
    if (!this.written.has(`${key.id} ${address}`)) await this.write(key, address);
    if (this.touched.has(key.id)) return;
    this.touched.set(key.id, true);
    await this.keys.touch(key.id);
  }

  private async write(key: ApiKeyRow, address: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const many = (await this.keys.addressesWithinHour(manager, key.id)) >= MOST_ADDRESSES;
      const counted = many ? OTHERS : address;
      if (!(await this.keys.used(manager, key.id, counted))) return;
      await this.audit.record(manager, {
        by: key,
        action: 'key.used',
        subject: `key/${key.id}`,
        reason: 'first use within the hour from this address',
        change: { address: counted, person: key.personId },
      });
    });
    this.written.set(`${key.id} ${address}`, true);
  }
}

/** All addresses of an IPv6 /64 count as one, because one host can have all of them. */
export function addressGroup(ip: string): string {
  const mapped = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(mapped)) return mapped;
  const [head = '', tail] = mapped.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
