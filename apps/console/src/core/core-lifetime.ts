/** Closes bus and database after all providers that use them have stopped. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabasePulse } from '#database';
import { ConsoleBus } from './console-bus.js';

@Injectable()
export class CoreLifetime implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(DatabasePulse) private readonly pulse: DatabasePulse,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.pulse.stop();
    await this.bus.close();
    await this.database.destroy();
  }
}
