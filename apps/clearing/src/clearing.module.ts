/** Clearing: detail records from the bus, business days, and the request to close one. */
import { Module, type DynamicModule } from '@nestjs/common';
import { BusConnection, openHubBus } from '#bus';
import { DatabaseModule, DatabasePulse } from '#database';
import { HubBusModule, SettingsModule, type HubProcess } from '#hub-process';
import { HealthModule } from '#service';
import type { ClearingSettings } from './clearing.config.js';
import { CalendarModule } from './days/calendar.module.js';
import { DaysModule } from './days/days.module.js';
import { RecordsModule } from './records/records.module.js';

const health = HealthModule.made({
  inject: [BusConnection, DatabasePulse],
  useFactory: (link: BusConnection, pulse: DatabasePulse) => ({
    check: () => ({ bus: link.connected, database: pulse.alive }),
  }),
});

@Module({})
export class ClearingModule {
  static on({ settings, log, onRefusal }: HubProcess<ClearingSettings>): DynamicModule {
    return {
      module: ClearingModule,
      imports: [
        SettingsModule.of(settings, log),
        DatabaseModule.on(settings.DATABASE_URL, log),
        HubBusModule.on({ open: () => openHubBus(settings, 'clearing', log, onRefusal) }),
        CalendarModule,
        health,
        RecordsModule,
        DaysModule,
      ],
    };
  }
}
