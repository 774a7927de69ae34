/** The connection of the process to the bus, for every module. It is opened before all other providers, and closed after them. */
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Bucket, BusConnection, MediaGrants, OrderedPublisher, sharedSecret } from '#bus';
import { BUCKETS } from '#protocol';
import { BusLifetime } from './bus-lifetime.js';

export interface HubBusOptions {
  /** Connects. Resolves when the process may use the bus. */
  open: () => Promise<BusConnection>;
  /** The process publishes events: `OrderedPublisher` and `MediaGrants` are provided too. */
  publishes?: boolean;
}

interface Publishing {
  publisher: OrderedPublisher;
  secret: Buffer;
}
const PUBLISHING = Symbol('publisher and secret of the hub');

@Global()
@Module({})
export class HubBusModule {
  static on({ open, publishes = false }: HubBusOptions): DynamicModule {
    return {
      module: HubBusModule,
      providers: [
        { provide: BusConnection, useFactory: open },
        ...(publishes ? publishing : []),
        publishes
          ? { provide: BusLifetime, inject: [BusConnection, OrderedPublisher], useFactory: lifetime }
          : { provide: BusLifetime, inject: [BusConnection], useFactory: lifetime },
      ],
      exports: publishes ? [BusConnection, OrderedPublisher, MediaGrants] : [BusConnection],
    };
  }
}

const publishing: Provider[] = [
  { provide: PUBLISHING, inject: [BusConnection], useFactory: openPublisher },
  {
    provide: OrderedPublisher,
    inject: [PUBLISHING],
    useFactory: ({ publisher }: Publishing) => publisher,
  },
  {
    provide: MediaGrants,
    inject: [PUBLISHING],
    useFactory: ({ secret }: Publishing) => new MediaGrants(secret),
  },
];

/** Message ids are sealed with the secret before anybody can publish: a member must not be able to make one. */
async function openPublisher(link: BusConnection): Promise<Publishing> {
  const publisher = await OrderedPublisher.on(link);
  const secret = await sharedSecret(new Bucket(link, publisher, BUCKETS.registry));
  publisher.sealIds(secret);
  return { publisher, secret };
}

function lifetime(link: BusConnection, publisher?: OrderedPublisher): BusLifetime {
  return new BusLifetime(link, publisher);
}
