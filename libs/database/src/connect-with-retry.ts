/** Connects to a database that may start after this process. */
import type { DataSource } from 'typeorm';
import { backoff, sleep, type Log } from '#service';
import { openDatabase } from './open-database.repository.js';

const ATTEMPTS = 30;

/** Every failed attempt is logged, so that a wrong address shows. @throws the last error after 30 attempts */
export async function connectWithRetry(url: string, log: Log): Promise<DataSource> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openDatabase(url);
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error;
      log.warn({ reason: (error as Error).message }, 'database not reachable (DATABASE_URL)');
      await sleep(backoff(attempt, 200, 3000));
    }
  }
}
