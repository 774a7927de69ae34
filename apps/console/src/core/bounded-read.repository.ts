/** Reads that must not keep the database busy: PostgreSQL ends them after some seconds. */
import { Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import { ApiProblem } from '#http';

const LONGEST_S = 3;
/** SQLSTATE of a statement that was ended. */
const ENDED = '57014';

@Injectable()
export class BoundedReads {
  constructor(private readonly database: DataSource) {}

  /** @throws ApiProblem unavailable if it takes too long */
  async read<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    try {
      return await this.database.transaction(async (manager) => {
        await manager.query(`SET LOCAL statement_timeout = '${LONGEST_S}s'`);
        await manager.query('SET TRANSACTION READ ONLY');
        return work(manager);
      });
    } catch (error) {
      if (!(error instanceof QueryFailedError) || (error.driverError as { code?: string }).code !== ENDED)
        throw error;
      throw new ApiProblem(
        'unavailable',
        `this takes longer than ${LONGEST_S} s: choose a shorter time, or name a person`,
      );
    }
  }
}
