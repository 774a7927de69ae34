/** The tables of the trace: checkpoints, native ids, uses of attachments. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { CheckpointRow, MediaUseRow, NativeRefRow } from '#database';
import type { Recorded } from './checkpoints.js';

@Injectable()
export class TraceRepository {
  constructor(private readonly database: DataSource) {}

  /** All or nothing, with one statement per table. A row that is there already stays as it is. */
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
