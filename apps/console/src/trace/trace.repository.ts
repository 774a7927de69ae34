/** Reads the tables of the trace. Only the recorder writes them. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CheckpointRow, hasText, nativeHash, NativeRefRow } from '#database';
import type { Network } from '#protocol';

export interface Neighbours {
  previous: string | null;
  next: string | null;
}

/** $1: row of the message; $2: network of an operator, or null. */
const neighbour = (compare: '<' | '>', order: 'DESC' | 'ASC') => `
  SELECT event_id FROM checkpoint c WHERE stage = 'accepted' AND kind = 'message' AND ${hasText('c.conversation', 'here.conversation')}
    AND (at, id) ${compare} (here.at, here.id) AND event_id <> here.event_id
    AND ($2::text IS NULL OR $2 IN (split_part(from_address, '@', 2), split_part(to_address, '@', 2)))
  ORDER BY at ${order}, id ${order} LIMIT 1`;
const NEIGHBOURS = `
  SELECT p.event_id AS previous, n.event_id AS next FROM checkpoint here
  LEFT JOIN LATERAL (${neighbour('<', 'DESC')}) p ON true LEFT JOIN LATERAL (${neighbour('>', 'ASC')}) n ON true
  WHERE here.id = $1`;

@Injectable()
export class TraceRepository {
  constructor(private readonly database: DataSource) {}

  /** Oldest first. */
  checkpoints(eventId: string): Promise<CheckpointRow[]> {
    return this.database
      .getRepository(CheckpointRow)
      .find({ where: { eventId }, order: { at: 'ASC', id: 'ASC' } });
  }

  /**
   * The messages before and after a message in its conversation.
   * @param row of the checkpoint with which it was accepted
   * @param network of an operator, who sees messages from and to people of their network; null: sees all
   */
  async neighbours(row: string, network: string | null): Promise<Neighbours> {
    const [found] = await this.database.query<Neighbours[]>(NEIGHBOURS, [row, network]);
    return found ?? { previous: null, next: null };
  }

  /** @returns the newest event with this native id in the network */
  async eventOf(network: Network, native: string): Promise<string | undefined> {
    const [newest] = await this.database
      .getRepository(NativeRefRow)
      .find({ where: { network, nativeHash: nativeHash(native) }, order: { at: 'DESC' }, take: 1 });
    return newest?.eventId;
  }
}
