/** A database that comes up after us, or goes away for a while. */
import type { DataSource } from 'typeorm';
import { backoff, createLog, guarded, sleep, type Log } from '#service';
import { openDatabase } from './data-source.js';

/** Asks the database once a second, so that readiness needs no query of its own. */
export class DatabasePulse {
  alive = true;
  private readonly timer = setInterval(
    guarded('database pulse', createLog('database', 'warn'), () => this.beat()),
    1000,
  );

  constructor(private readonly database: DataSource) {
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    try {
      await this.database.query('SELECT 1');
      this.alive = true;
    } catch (error) {
      this.alive = false;
      throw error;
    }
  }
}

/** The database may come up after us; a wrong address is still told, every time. */
export async function databaseInTime(url: string, log: Log): Promise<DataSource> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openDatabase(url);
    } catch (error) {
      if (attempt >= 30) throw error;
      log.warn({ reason: (error as Error).message }, 'database not reachable (DATABASE_URL)');
      await sleep(backoff(attempt, 200, 3000));
    }
  }
}
