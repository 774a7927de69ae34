/** A transaction on a connection of its own, for reading by cursor and writing by COPY. */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { awaitedLater, createLog, tolerate } from '#service';

const log = createLog('clearing-store', 'warn');

/** Rolled back if the work throws, or if the connection is lost. */
export async function inTransaction<T>(
  database: DataSource,
  isolation: 'READ COMMITTED' | 'REPEATABLE READ',
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const runner = database.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  // COMPAT(typeorm 1.1): its listener releases a broken connection and removes itself; a second error would end the process.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  // Cursors and COPY do not report that their connection has ended.
  const { promise, reject } = Promise.withResolvers<never>();
  const lost = awaitedLater(promise);
  const ended = (): void => reject(new Error('the connection to the database was lost'));
  client.once('end', ended);
  try {
    await runner.startTransaction(isolation);
    const result = await Promise.race([work(client), lost]);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await tolerate('rollback', log, () => runner.rollbackTransaction());
    throw error;
  } finally {
    client.off('error', ignore);
    client.off('end', ended);
    await tolerate('release of a connection', log, () => runner.release());
  }
}
