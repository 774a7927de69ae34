/** Keeps the local copies up to date: watches the buckets that the console writes, and hears of numbers that changed. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Msg } from '@nats-io/transport-node';
import { BucketReader, BusConnection } from '#bus';
import { BUCKETS, Consent, REGISTRY_ENTRIES, RegistryEntry, subjects } from '#protocol';
import { guarded } from '#service';
import { ConsentView } from './consent-view.js';
import { Directory } from './directory.js';
import { RegistryView } from './registry-view.js';

@Injectable()
export class ViewUpdates implements OnModuleInit {
  constructor(
    private readonly link: BusConnection,
    private readonly registry: RegistryView,
    private readonly consents: ConsentView,
    private readonly directory: Directory,
  ) {}

  async onModuleInit(): Promise<void> {
    const { link, registry, consents } = this;
    await new BucketReader(link, BUCKETS.registry).watchAll(
      REGISTRY_ENTRIES,
      RegistryEntry,
      (key, entry) => registry.accept(key, entry),
      () => registry.completed(),
    );
    await new BucketReader(link, BUCKETS.subscribers).watchAll(
      '>',
      Consent,
      (_, consent) => consent && consents.accept(consent),
      () => consents.completed(),
    );
    await this.followDirectory();
  }

  private async followDirectory(): Promise<void> {
    const { link, directory } = this;
    await link.onSession(({ nc }) => {
      // Changes that were published while the bus was away did not arrive.
      directory.forgetAll();
      nc.subscribe(subjects.directoryChanged, {
        callback: guarded('directory changes', link.log, (error: Error | null, message: Msg) => {
          if (!error) directory.changed(message.data);
        }),
      });
    });
  }
}
