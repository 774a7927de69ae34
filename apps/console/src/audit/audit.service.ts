/** Audit log: who changed what, when and why. Each entry is written in the transaction of the change. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOCKS, type ApiKeyRow } from '#database';
import { ANY_NETWORK } from '#protocol';
import { chained, firstBroken, GENESIS, type ChainedEntry } from './chain.js';

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

export interface AuditFilter {
  /** `<kind>/<id>`, such as `network/example` */
  subject?: string | undefined;
  /** Entries that concern this network. */
  network?: string | undefined;
}

interface Columns {
  seq: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  reason: string;
  change: unknown;
  networks: string[] | null;
  previous: string;
  hash: string;
}

const CHUNK = 5000;

@Injectable()
export class AuditService {
  constructor(@Inject(DataSource) private readonly database: DataSource) {}

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
    await manager.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.audit]);
    const [last] = await manager.query<Columns[]>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
    const entry = chained(
      {
        seq: Number(last?.seq ?? 0) + 1,
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
    await manager.query(
      `INSERT INTO audit (seq, at, actor, action, subject, reason, change, previous, hash, networks)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        entry.seq,
        entry.at,
        entry.actor,
        entry.action,
        entry.subject,
        entry.reason,
        JSON.stringify(entry.change),
        entry.previous,
        entry.hash,
        entry.networks,
      ],
    );
  }

  /** Oldest first. Old entries without `networks` concern the network that is their subject. */
  async list(after: number, limit: number, filter: AuditFilter = {}): Promise<ChainedEntry[]> {
    const { subject, network } = filter;
    const rows = await this.database.query<Columns[]>(
      `SELECT * FROM audit WHERE seq > $1 AND ($3::text IS NULL OR subject = $3)
         AND ($4::text IS NULL OR networks && ARRAY[$4, '${ANY_NETWORK}'] OR subject = 'network/' || $4)
       ORDER BY seq LIMIT $2`,
      [after, limit, subject ?? null, network ?? null],
    );
    return rows.map(entryOf);
  }

  /** Verifies the whole chain. @returns the number of entries, the last hash, and the first entry with a wrong hash */
  async verify(): Promise<{ entries: number; root: string; broken?: number }> {
    let last = { seq: 0, hash: GENESIS };
    for (;;) {
      const chunk = await this.list(last.seq, CHUNK);
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

function entryOf({ seq, at, ...rest }: Columns): ChainedEntry {
  return { seq: Number(seq), at: at.toISOString(), ...rest };
}
