/** The tables of the trace: checkpoints, native ids, uses of attachments. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { CheckpointRow, MediaUseRow, NativeRefRow } from '#database';
import type { Recorded } from './checkpoints.js';

@Injectable()
export class TraceRepository {
  constructor(private readonly database: DataSource) {}

  /** Stores all rows in one transaction, with one statement per table. Rows that exist already are left unchanged. */
  async store({ checkpoints, natives, media }: Recorded): Promise<void> {
    await this.database.transaction(async (manager) => {
      await insert(manager, CheckpointRow, checkpoints);
      await insert(manager, NativeRefRow, natives);
      await insert(manager, MediaUseRow, media);
    });
  }
}

async function insert<Row extends ObjectLiteral>(
  manager: EntityManager,
  table: EntityTarget<Row>,
  rows: Row[],
): Promise<void> {
  if (rows.length === 0) return;
  await manager.createQueryBuilder().insert().into(table).values(rows).orIgnore().execute();
}
