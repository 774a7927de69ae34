/** What the database says of changes since the last look. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ANY_NETWORK } from '#protocol';

export interface AuditNews {
  seq: number;
  action: string;
  subject: string;
  networks: string[] | null;
}

@Injectable()
export class EventFeedRepository {
  constructor(private readonly database: DataSource) {}

  /** Number of the newest entry of the audit log. */
  async newest(): Promise<number> {
    const [row] = await this.database.query<{ seq: string | null }[]>('SELECT max(seq) AS seq FROM audit');
    return Number(row?.seq ?? 0);
  }

  /** Oldest first. */
  async entriesAfter(seq: number, limit: number): Promise<AuditNews[]> {
    const rows = await this.database.query<(Omit<AuditNews, 'seq'> & { seq: string })[]>(
      'SELECT seq, action, subject, networks FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2',
      [seq, limit],
    );
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  /** The close of a business day is made by clearing, and has no entry in the audit log. */
  async lastClose(): Promise<string | null> {
    const [row] = await this.database.query<{ at: Date | null }[]>(
      'SELECT max(closed_at) AS at FROM business_day',
    );
    return row?.at?.toISOString() ?? null;
  }
}

/** Whether an operator of the network may read the entry, as in the audit log itself. */
export function concerns({ networks, subject }: AuditNews, network: string): boolean {
  return (
    subject === `network/${network}` ||
    (networks ?? []).some((named) => named === network || named === ANY_NETWORK)
  );
}
