/** The recorder: what happened to every message, from the streams into PostgreSQL, and the end of attachments. */
import { Module, type DynamicModule } from '@nestjs/common';
import { BusConnection } from '#bus';
import { DatabasePulse } from '#database';
import { HealthModule } from '#service';
import { CoreModule, type CoreOptions } from './core/core.module.js';
import { MediaModule } from './media/media.module.js';
import { TraceModule } from './trace/trace.module.js';

const health = HealthModule.made({
  inject: [BusConnection, DatabasePulse],
  useFactory: (link: BusConnection, pulse: DatabasePulse) => ({
    check: () => ({ bus: link.connected, database: pulse.alive }),
  }),
});

@Module({})
export class RecorderModule {
  static on(options: CoreOptions): DynamicModule {
    return {
      module: RecorderModule,
      imports: [CoreModule.open(options), health, TraceModule, MediaModule],
    };
  }
}
