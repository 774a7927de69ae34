/** The database of the process, for every module: `DataSource`, and `DatabasePulse` for readiness. */
import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Log } from '#service';
import { connectWithRetry } from './connect-with-retry.js';
import { DatabasePulse } from './database-pulse.js';

/**
 * Closes the database after every provider that uses it has stopped: Nest stops global modules last, and of those the one
 * that was imported last first.
 */
class DatabaseLifetime implements OnApplicationShutdown {
  constructor(
    private readonly database: DataSource,
    private readonly pulse: DatabasePulse,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.pulse.stop();
    await this.database.destroy();
  }
}

@Global()
@Module({})
export class DatabaseModule {
  static on(url: string, log: Log): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DataSource, useFactory: () => connectWithRetry(url, log) },
        {
          provide: DatabasePulse,
          inject: [DataSource],
          useFactory: (database: DataSource) => new DatabasePulse(database),
        },
        {
          provide: DatabaseLifetime,
          inject: [DataSource, DatabasePulse],
          useFactory: (database: DataSource, pulse: DatabasePulse) => new DatabaseLifetime(database, pulse),
        },
      ],
      exports: [DataSource, DatabasePulse],
    };
  }
}
