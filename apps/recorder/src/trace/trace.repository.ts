/** The tables of the trace: checkpoints, native ids, uses of attachments. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CheckpointRow, MediaUseRow, NativeRefRow } from '#database';
import type { Recorded } from './checkpoints.js';

@Injectable()
export class TraceRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * Stores all rows in one transaction, with one statement per table and one parameter per column: TypeORM's query builder
   * takes half of the recorder's CPU time for its parameter per value. Rows that exist already are left unchanged.
   */
  async store({ checkpoints, natives, media }: Recorded): Promise<void> {
    await this.database.transaction(async (manager) => {
      if (checkpoints.length > 0) await insertCheckpoints(manager, checkpoints);
      if (natives.length > 0) await insertNatives(manager, natives);
      if (media.length > 0) await insertMedia(manager, media);
    });
  }
}

async function insertCheckpoints(manager: EntityManager, rows: readonly CheckpointRow[]): Promise<void> {
  await manager.query(
    `INSERT INTO checkpoint
       (id, event_id, stage, network, kind, conversation, from_address, to_address, code, detail, at, sent_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ id }) => id),
      rows.map(({ eventId }) => eventId),
      rows.map(({ stage }) => stage),
      rows.map(({ network }) => network),
      rows.map(({ kind }) => kind),
      rows.map(({ conversation }) => conversation),
      rows.map(({ from }) => from),
      rows.map(({ to }) => to),
      rows.map(({ code }) => code),
      rows.map(({ detail }) => detail),
      rows.map(({ at }) => at),
      rows.map(({ sentAt }) => sentAt),
    ],
  );
}

async function insertNatives(manager: EntityManager, rows: readonly NativeRefRow[]): Promise<void> {
  await manager.query(
    `INSERT INTO native_ref (network, native_hash, event_id, at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ network }) => network),
      rows.map(({ nativeHash }) => nativeHash),
      rows.map(({ eventId }) => eventId),
      rows.map(({ at }) => at),
    ],
  );
}

async function insertMedia(manager: EntityManager, rows: readonly MediaUseRow[]): Promise<void> {
  await manager.query(
    `INSERT INTO media_use (url, event_id, at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [rows.map(({ url }) => url), rows.map(({ eventId }) => eventId), rows.map(({ at }) => at)],
  );
}
