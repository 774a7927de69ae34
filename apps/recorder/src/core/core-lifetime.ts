/** Closes the bus and the database after everything that uses them has stopped. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BusConnection } from '#bus';
import { DatabasePulse } from '#database';

@Injectable()
export class CoreLifetime implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(DatabasePulse) private readonly pulse: DatabasePulse,
    @Inject(BusConnection) private readonly link: BusConnection,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.pulse.stop();
    await this.link.close();
    await this.database.destroy();
  }
}
