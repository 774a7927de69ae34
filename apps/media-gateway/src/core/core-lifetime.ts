/** Closes the bus after everything that uses it has stopped. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BusConnection } from '#bus';

@Injectable()
export class CoreLifetime implements OnApplicationShutdown {
  constructor(@Inject(BusConnection) private readonly link: BusConnection) {}

  onApplicationShutdown(): Promise<void> {
    return this.link.close();
  }
}
