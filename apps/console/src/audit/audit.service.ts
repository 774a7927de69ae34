/** Audit log: who changed what, when and why. Each entry is written in the transaction of the change. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { chained, firstBroken, GENESIS, type ChainedEntry } from './chain.js';
import {
  auditEntries,
  insertEntry,
  lockedHead,
  type AuditFilter,
  type AuditOrder,
} from './audit.repository.js';

export interface Change {
  /** Key of the caller; `hub` for changes without a caller. */
  by: ApiKeyRow | 'hub';
  /** `<kind>.<verb>`, such as `network.suspended` */
  action: string;
  /** `<kind>/<id>`, such as `network/example` */
  subject: string;
  reason: string;
  /** New state, or what changed. */
  change: unknown;
  /**
   * Networks whose operators may read the entry, besides the network of the subject and that of the caller; `*`: all networks.
   */
  networks?: readonly string[];
}

const CHUNK = 5000;
const EXPORT_CHUNK = 1000;

@Injectable()
export class AuditService {
  constructor(private readonly database: DataSource) {}

  /** Applies the change and writes the entry in one transaction. */
  async changing<T>(change: Change, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction(async (manager) => {
      const result = await work(manager);
      await this.record(manager, change);
      return result;
    });
  }

  async record(manager: EntityManager, given: Change): Promise<void> {
    const { by, action, subject, reason, change } = given;
    const last = await lockedHead(manager);
    const entry = chained(
      {
        seq: (last?.seq ?? 0) + 1,
        at: new Date().toISOString(),
        actor: storable(by === 'hub' ? 'hub' : `${by.role} ${by.id} ${by.name}`),
        action,
        subject: storable(subject),
        reason: storable(reason),
        change: JSON.parse(JSON.stringify(change ?? null), (_, value: unknown) =>
          typeof value === 'string' ? storable(value) : value,
        ) as unknown,
        networks: concerned(given),
      },
      last?.hash ?? GENESIS,
    );
    await insertEntry(manager, entry);
  }

  /** @param after number of the last entry of the page before; undefined: from the beginning */
  list(
    order: AuditOrder,
    after: number | undefined,
    limit: number,
    filter: AuditFilter = {},
  ): Promise<ChainedEntry[]> {
    return auditEntries(this.database, order, after, limit, filter);
  }

  /** All entries of the filter, read in chunks: an export has no limit of size. */
  async *all(order: AuditOrder, filter: AuditFilter): AsyncGenerator<ChainedEntry> {
    let after: number | undefined;
    for (;;) {
      const chunk = await this.list(order, after, EXPORT_CHUNK, filter);
      yield* chunk;
      if (chunk.length < EXPORT_CHUNK) return;
      after = chunk.at(-1)?.seq;
    }
  }

  /** An export reveals more than a page of the list. */
  async recordExport(by: ApiKeyRow, filter: Readonly<Record<string, string | undefined>>): Promise<void> {
    await this.database.transaction((manager) =>
      this.record(manager, {
        by,
        action: 'audit.exported',
        subject: 'audit/log',
        reason: 'asked for',
        change: filter,
      }),
    );
  }

  /** Verifies the whole chain. @returns the number of entries, the last hash, and the first entry with a wrong hash */
  async verify(): Promise<{ entries: number; root: string; broken?: number }> {
    let last = { seq: 0, hash: GENESIS };
    for (;;) {
      const chunk = await this.list('oldest', last.seq, CHUNK);
      const broken = firstBroken(chunk, last);
      if (broken !== undefined) return { entries: last.seq, root: last.hash, broken };
      last = chunk.at(-1) ?? last;
      if (chunk.length < CHUNK) return { entries: last.seq, root: last.hash };
    }
  }
}

const OF_NETWORK = /^network\/(.+)$/;

function concerned({ by, subject, networks = [] }: Change): string[] {
  const own = by === 'hub' ? null : by.network;
  const named = [...networks, own, OF_NETWORK.exec(subject)?.[1]];
  return [...new Set(named.filter((network) => typeof network === 'string').map(storable))].sort();
}

/** The value as the database returns it after storing, because the hash is calculated from that form. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
