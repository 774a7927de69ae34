/** Reads that must not keep the database busy: PostgreSQL ends them after some seconds. */
import { Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import { ApiProblem } from '#http';
import { undone } from './undone.js';

const LONGEST_S = 3;
/** SQLSTATE of a statement that was ended. */
const ENDED = '57014';

@Injectable()
export class BoundedReads {
  constructor(private readonly database: DataSource) {}

  /** @throws ApiProblem unavailable if it takes too long */
  async read<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    const result = await this.tryToRead(work);
    if (result !== 'too long') return result.read;
    throw new ApiProblem(
      'unavailable',
      `this takes longer than ${LONGEST_S} s: choose a shorter time, or name a person`,
    );
  }

  /** For answers that can do without the result. */
  async tryToRead<Result>(
    work: (manager: EntityManager) => Promise<Result>,
  ): Promise<{ read: Result } | 'too long'> {
    return unlessTooLong(
      this.database.transaction(async (manager) => {
        await limitTime(manager);
        await manager.query('SET TRANSACTION READ ONLY');
        return { read: await work(manager) };
      }),
    );
  }

  /** Makes changes to see what follows from them, and takes them back. */
  tryToDo<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<{ read: Result } | 'too long'> {
    return unlessTooLong(
      undone(this.database, async (manager) => {
        await limitTime(manager);
        return { read: await work(manager) };
      }),
    );
  }
}

async function limitTime(manager: EntityManager): Promise<void> {
  await manager.query(`SET LOCAL statement_timeout = '${LONGEST_S}s'`);
}

async function unlessTooLong<Result>(
  reading: Promise<{ read: Result }>,
): Promise<{ read: Result } | 'too long'> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof QueryFailedError) || (error.driverError as { code?: string }).code !== ENDED)
      throw error;
    return 'too long';
  }
}
