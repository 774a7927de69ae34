/** Connection of the console to the bus. */
import { readFileSync } from 'node:fs';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  AccountRegistry,
  Bucket,
  BusAuthority,
  BusConnection,
  MediaGrants,
  OrderedPublisher,
  sharedSecret,
  StorageCheck,
  type AuthoritySeeds,
} from '#bus';
import { BUCKETS } from '#protocol';
import { busCredentials, busTls, SettingsError, type Log, type Refuse } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { BusInventory } from '../inventory/bus-inventory.js';

export class ConsoleBus implements OnApplicationShutdown {
  private constructor(
    readonly link: BusConnection,
    readonly publisher: OrderedPublisher,
    readonly registry: Bucket,
    readonly subscribers: Bucket,
    readonly authority: BusAuthority,
    readonly accounts: AccountRegistry,
    readonly grants: MediaGrants,
    readonly replicas: number,
    /** Limits of what one network publishes. */
    readonly networkLimits: { messagesPerSecond: number; bytesPerSecond: number },
    readonly storage: StorageCheck,
    readonly inventory: BusInventory,
  ) {}

  static async open(
    settings: ConsoleSettings,
    database: DataSource,
    log: Log,
    onRefusal?: Refuse,
  ): Promise<ConsoleBus> {
    const link = await BusConnection.open(
      {
        url: settings.NATS_URL,
        creds: busCredentials(settings),
        tls: busTls(settings),
        name: 'console',
        onRefusal,
      },
      log,
    );
    const storage = await StorageCheck.on(link, settings.BUS_UNSAFE === '1');
    const inventory = await BusInventory.on(
      link,
      database,
      { replicas: settings.NATS_REPLICAS, acceptedLoss: settings.BUS_ACCEPT_LOSS },
      log,
    );
    const publisher = await OrderedPublisher.on(link);
    const registry = new Bucket(link, publisher, BUCKETS.registry);
    const secret = await sharedSecret(registry);
    publisher.sealIds(secret);
    const authority = authorityFrom(settings.BUS_AUTHORITY);
    return new ConsoleBus(
      link,
      publisher,
      registry,
      new Bucket(link, publisher, BUCKETS.subscribers),
      authority,
      await AccountRegistry.open(authority, { url: settings.NATS_URL, tls: busTls(settings) }, log),
      new MediaGrants(secret),
      settings.NATS_REPLICAS,
      {
        messagesPerSecond: settings.NETWORK_MESSAGES_PER_SECOND,
        bytesPerSecond: settings.NETWORK_MB_PER_SECOND * 1e6,
      },
      storage,
      inventory,
    );
  }

  /** Closes the bus after every provider that uses it has stopped: Nest stops global modules last. */
  async onApplicationShutdown(): Promise<void> {
    await this.inventory.stop();
    await this.publisher.drained();
    this.publisher.close();
    await this.accounts.close();
    await this.link.close();
  }
}

function authorityFrom(file: string): BusAuthority {
  try {
    return new BusAuthority(JSON.parse(readFileSync(file, 'utf8')) as AuthoritySeeds);
  } catch {
    throw new SettingsError(`BUS_AUTHORITY: cannot read the seeds in ${file}`);
  }
}
