/** Shared providers of all features: settings, log, clock, database and bus. Opened first, closed last. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabasePulse, databaseInTime } from '#database';
import { LOG, type Log, type Refuse, SETTINGS } from '#service';
import { CLOCK, type Clock } from './clock.js';
import { ConsoleBus } from './console-bus.js';
import type { ConsoleSettings } from '../console.config.js';
import { CoreLifetime } from './core-lifetime.js';

export interface CoreOptions {
  settings: ConsoleSettings;
  log: Log;
  clock: Clock;
  /** Called when the bus refuses this console permanently; the process then ends. */
  onRefusal?: Refuse | undefined;
}

@Global()
@Module({})
export class CoreModule {
  static open({ settings, log, clock, onRefusal }: CoreOptions): DynamicModule {
    return CoreModule.of([
      { provide: SETTINGS, useValue: settings },
      { provide: LOG, useValue: log },
      { provide: CLOCK, useValue: clock },
      { provide: DataSource, useFactory: () => databaseInTime(settings.DATABASE_URL, log) },
      {
        provide: ConsoleBus,
        inject: [DataSource],
        useFactory: (database: DataSource) => ConsoleBus.open(settings, database, log, onRefusal),
      },
      {
        provide: DatabasePulse,
        inject: [DataSource],
        useFactory: (from: DataSource) => new DatabasePulse(from),
      },
      CoreLifetime,
    ]);
  }

  /** The module with these providers: the real ones, or placeholders if only the OpenAPI document is needed. */
  static of(providers: NonNullable<DynamicModule['providers']>): DynamicModule {
    return {
      module: CoreModule,
      providers,
      exports: [SETTINGS, LOG, CLOCK, DataSource, ConsoleBus, DatabasePulse],
    };
  }
}
