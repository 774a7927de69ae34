/** Clearing: detail records from the bus, business days, and the request to close one. */
import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BusConnection, openHubBus } from '#bus';
import { businessDays } from '#clearing';
import { databaseInTime, DatabasePulse } from '#database';
import { HealthModule, LOG, SETTINGS, type Log, type Refuse } from '#service';
import { BUSINESS_DAYS } from './business-days.js';
import type { ClearingSettings } from './clearing.config.js';
import { ClearingLifetime } from './clearing-lifetime.js';
import { ClosingController } from './closing.controller.js';
import { DayKeeper } from './day-keeper.js';
import { Ledger } from './ledger.js';

export interface ClearingOptions {
  settings: ClearingSettings;
  log: Log;
  /** Called when the bus refuses this process for good. */
  onRefusal: Refuse;
}

@Module({})
export class ClearingModule {
  static on({ settings, log, onRefusal }: ClearingOptions): DynamicModule {
    const core = {
      module: CoreModule,
      global: true,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
        { provide: DataSource, useFactory: () => databaseInTime(settings.DATABASE_URL, log) },
        { provide: DatabasePulse, inject: [DataSource], useFactory: pulseOf },
        { provide: BusConnection, useFactory: () => openHubBus(settings, 'clearing', log, onRefusal) },
        {
          provide: BUSINESS_DAYS,
          useValue: businessDays(settings.CLEARING_CUTOVER, settings.CLEARING_ZONE),
        },
        ClearingLifetime,
      ],
      exports: [SETTINGS, LOG, DataSource, DatabasePulse, BusConnection, BUSINESS_DAYS],
    };
    return {
      module: ClearingModule,
      imports: [core, health],
      controllers: [ClosingController],
      providers: [Ledger, DayKeeper],
    };
  }
}

@Module({})
class CoreModule {}

const health = HealthModule.made({
  inject: [BusConnection, DatabasePulse],
  useFactory: (link: BusConnection, pulse: DatabasePulse) => ({
    check: () => ({ bus: link.connected, database: pulse.alive }),
  }),
});

function pulseOf(database: DataSource): DatabasePulse {
  return new DatabasePulse(database);
}
