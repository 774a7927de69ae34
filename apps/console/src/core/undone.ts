import type { DataSource, EntityManager } from 'typeorm';

/** Makes changes in a transaction to see what follows from them, and takes them back. */
export async function undone<Result>(
  database: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  const runner = database.createQueryRunner();
  try {
    await runner.startTransaction();
    return await work(runner.manager);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
