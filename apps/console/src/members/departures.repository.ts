/** Tables of departures and of the people who were notified. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Address } from '#protocol';
import type { DepartureView } from './departures.dto.js';

export interface DepartureRow {
  id: string;
  network: string;
  /** Name of the network, for people. */
  name: string;
  leaves_at: Date;
  notice: string | null;
  notice_state: DepartureView['noticeState'];
  announced_at: Date;
  withdrawn_at: Date | null;
}

const SELECT = 'SELECT departure.*, network.name FROM departure JOIN network ON slug = network';
/** People who exchanged messages with the network within this number of days are notified. */
const DAYS = 30;

@Injectable()
export class DeparturesRepository {
  constructor(private readonly database: DataSource) {}

  async announce(
    manager: EntityManager,
    network: string,
    leavesAt: Date,
    notice: string | undefined,
    by: string,
    at: Date,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO departure (id, network, leaves_at, notice, notice_state, announced_by, announced_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [randomUUID(), network, leavesAt, notice ?? null, notice === undefined ? 'default' : 'pending', by, at],
    );
  }

  /** The departure that is announced and not withdrawn. */
  async current(manager: EntityManager, network: string, now: Date): Promise<DepartureRow | undefined> {
    const [row] = await manager.query<DepartureRow[]>(
      `${SELECT} WHERE network = $1 AND withdrawn_at IS NULL AND departure.leaves_at > $2
       ORDER BY announced_at DESC LIMIT 1`,
      [network, now],
    );
    return row;
  }

  async setNotice(manager: EntityManager, id: string, state: 'approved' | 'rejected'): Promise<void> {
    await manager.query('UPDATE departure SET notice_state = $2 WHERE id = $1', [id, state]);
  }

  async withdraw(manager: EntityManager, network: string, at: Date): Promise<void> {
    await manager.query(
      'UPDATE departure SET withdrawn_at = $2 WHERE network = $1 AND withdrawn_at IS NULL AND leaves_at > $2',
      [network, at],
    );
  }

  pending(now: Date): Promise<DepartureRow[]> {
    return this.database.query<DepartureRow[]>(
      `${SELECT} WHERE withdrawn_at IS NULL AND departure.leaves_at > $1 AND notice_state = 'pending'`,
      [now],
    );
  }

  /** Departures of which people can be notified. */
  announceable(now: Date): Promise<DepartureRow[]> {
    return this.database.query<DepartureRow[]>(
      `${SELECT} WHERE withdrawn_at IS NULL AND departure.leaves_at > $1 AND notice_state <> 'pending'
         AND status = 'leaving'`,
      [now],
    );
  }

  /** Withdrawn departures with people who were notified of the departure and not yet of the withdrawal. */
  withdrawn(): Promise<DepartureRow[]> {
    return this.database.query<DepartureRow[]>(
      `${SELECT} WHERE withdrawn_at IS NOT NULL AND EXISTS (
         SELECT 1 FROM departure_notice n WHERE n.departure = departure.id AND sent_at IS NOT NULL AND withdrawal_sent_at IS NULL)`,
    );
  }

  /** Networks whose date of departure has passed. */
  async due(now: Date): Promise<string[]> {
    const rows = await this.database.query<{ slug: string }[]>(
      "SELECT slug FROM network WHERE status IN ('leaving', 'suspended') AND leaves_at <= $1 ORDER BY slug",
      [now],
    );
    return rows.map(({ slug }) => slug);
  }

  /** People who sent messages from the network or to it, also to telephone numbers, from the trace. */
  async findWriters({ id, network }: DepartureRow, now: Date): Promise<void> {
    await this.database.query(
      `INSERT INTO departure_notice (departure, address)
       SELECT $1, from_address FROM (
         SELECT DISTINCT from_address FROM checkpoint
         WHERE kind = 'message' AND at > $4::timestamptz - make_interval(days => $3)
           AND network = $2 AND stage IN ('accepted', 'routed')) AS writers
       ON CONFLICT DO NOTHING`,
      [id, network, DAYS, now],
    );
  }

  async toTell(id: string, what: 'departure' | 'withdrawal', limit: number): Promise<Address[]> {
    const open =
      what === 'departure' ? 'sent_at IS NULL' : 'sent_at IS NOT NULL AND withdrawal_sent_at IS NULL';
    const rows = await this.database.query<{ address: Address }[]>(
      `SELECT address FROM departure_notice WHERE departure = $1 AND ${open} ORDER BY address LIMIT $2`,
      [id, limit],
    );
    return rows.map(({ address }) => address);
  }

  async told(
    id: string,
    what: 'departure' | 'withdrawal',
    addresses: readonly Address[],
    at: Date,
  ): Promise<void> {
    const column = what === 'departure' ? 'sent_at' : 'withdrawal_sent_at';
    await this.database.query(
      `UPDATE departure_notice SET ${column} = $3 WHERE departure = $1 AND address = ANY($2)`,
      [id, addresses, at],
    );
  }
}

export function departureView(row: DepartureRow): DepartureView {
  return {
    network: row.network,
    at: row.leaves_at.toISOString(),
    notice: row.notice,
    noticeState: row.notice_state,
    announcedAt: row.announced_at.toISOString(),
  };
}
