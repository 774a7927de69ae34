/** What every feature of the recorder stands on: settings, log, database and bus. Opened first, closed last. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BusConnection, openHubBus } from '#bus';
import { databaseInTime, DatabasePulse } from '#database';
import { LOG, type Log, type Refuse, SETTINGS } from '#service';
import type { RecorderSettings } from '../recorder.config.js';
import { CoreLifetime } from './core-lifetime.js';

export interface CoreOptions {
  settings: RecorderSettings;
  log: Log;
  /** Called when the bus refuses this process for good. */
  onRefusal: Refuse;
}

@Global()
@Module({})
export class CoreModule {
  static open({ settings, log, onRefusal }: CoreOptions): DynamicModule {
    return {
      module: CoreModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
        { provide: DataSource, useFactory: () => databaseInTime(settings.DATABASE_URL, log) },
        {
          provide: DatabasePulse,
          inject: [DataSource],
          useFactory: (database: DataSource) => new DatabasePulse(database),
        },
        { provide: BusConnection, useFactory: () => openHubBus(settings, 'recorder', log, onRefusal) },
        CoreLifetime,
      ],
      exports: [SETTINGS, LOG, DataSource, DatabasePulse, BusConnection],
    };
  }
}
