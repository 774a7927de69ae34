/** The connection of the process to the bus, for every module. It is opened before all other providers, and closed after them. */
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Bucket, BusLink, MediaGrants, OrderedPublisher, ownSecret } from '#bus';
import { BUCKETS } from '#protocol';
import { BusLifetime } from './bus-lifetime.js';

export interface HubBusOptions {
  /** Connects. Resolves when the process may use the bus. */
  open: () => Promise<BusLink>;
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
        { provide: BusLink, useFactory: open },
        ...(publishes ? publishing : []),
        publishes
          ? { provide: BusLifetime, inject: [BusLink, OrderedPublisher], useFactory: lifetime }
          : { provide: BusLifetime, inject: [BusLink], useFactory: lifetime },
      ],
      exports: publishes ? [BusLink, OrderedPublisher, MediaGrants] : [BusLink],
    };
  }
}

const publishing: Provider[] = [
  { provide: PUBLISHING, inject: [BusLink], useFactory: openPublisher },
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
async function openPublisher(link: BusLink): Promise<Publishing> {
  const publisher = await OrderedPublisher.on(link);
  const secret = await ownSecret(new Bucket(link, publisher, BUCKETS.registry));
  publisher.sealIds(secret);
  return { publisher, secret };
}

function lifetime(link: BusLink, publisher?: OrderedPublisher): BusLifetime {
  return new BusLifetime(link, publisher);
}
