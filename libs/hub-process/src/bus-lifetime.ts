/** Closes the connection to the bus after every provider that uses it has stopped: Nest stops global modules last. */
import type { OnApplicationShutdown } from '@nestjs/common';
import type { BusConnection, OrderedPublisher } from '#bus';

export class BusLifetime implements OnApplicationShutdown {
  constructor(
    private readonly link: BusConnection,
    private readonly publisher: OrderedPublisher | undefined,
  ) {}

  /** What was published is stored before the connection closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.publisher?.drained();
    this.publisher?.close();
    await this.link.close();
  }
}
