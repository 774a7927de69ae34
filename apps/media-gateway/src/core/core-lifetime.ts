/** Closes the bus after everything that uses it has stopped. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BusLink } from '#bus';

@Injectable()
export class CoreLifetime implements OnApplicationShutdown {
  constructor(@Inject(BusLink) private readonly link: BusLink) {}

  onApplicationShutdown(): Promise<void> {
    return this.link.close();
  }
}
