/** Asks the database once a second whether it answers, so that readiness needs no query of its own. */
import type { DataSource } from 'typeorm';
import { createLog, guarded } from '#service';
import { ping } from './open-database.repository.js';

const EVERY_MS = 1000;

export class DatabasePulse {
  alive = true;
  private readonly timer = setInterval(
    guarded('database pulse', createLog('database', 'warn'), () => this.beat()),
    EVERY_MS,
  );

  constructor(private readonly database: DataSource) {
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    try {
      await ping(this.database);
      this.alive = true;
    } catch (error) {
      this.alive = false;
      throw error;
    }
  }
}
