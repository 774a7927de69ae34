/** The recorder: writes what happened to every message from the streams to PostgreSQL, and deletes attachments. */
import { Module, type DynamicModule } from '@nestjs/common';
import { BusConnection, openHubBus } from '#bus';
import { DatabaseModule, DatabasePulse } from '#database';
import { HubBusModule, SettingsModule, type HubProcess } from '#hub-process';
import { HealthModule } from '#service';
import { MediaModule } from './media/media.module.js';
import type { RecorderSettings } from './recorder.config.js';
import { TraceModule } from './trace/trace.module.js';

const health = HealthModule.made({
  inject: [BusConnection, DatabasePulse],
  useFactory: (link: BusConnection, pulse: DatabasePulse) => ({
    check: () => ({ bus: link.connected, database: pulse.alive }),
  }),
});

@Module({})
export class RecorderModule {
  static on({ settings, log, onRefusal }: HubProcess<RecorderSettings>): DynamicModule {
    return {
      module: RecorderModule,
      imports: [
        SettingsModule.of(settings, log),
        DatabaseModule.on(settings.DATABASE_URL, log),
        HubBusModule.on({ open: () => openHubBus(settings, 'recorder', log, onRefusal) }),
        health,
        TraceModule,
        MediaModule,
      ],
    };
  }
}
