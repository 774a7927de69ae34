/**
 * Publishes the outbox of the registry in the order of the changes, until the bus has confirmed each entry. Several consoles can do
 * so at the same time: an entry replaces only the revision that was read, and never a newer version.
 */
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pLimit from 'p-limit';
import { DataSource } from 'typeorm';
import { readRevision, replaceRevision, type BusSession } from '#bus';
import { BUCKETS, parseJson, REGISTRY_ENTRIES, RegistryEntry } from '#protocol';
import { metrics, PeriodicTask, sleep, tolerate } from '#service';
import { ConsoleBus } from '../core/console-bus.js';
import { confirm, countUnpublished, outbox, overtake, type OutboxRow } from './outbox.repository.js';

const LOOK_MS = 1000;
/** Interval at which the bus is compared with the outbox. */
const VERIFY_MS = 60_000;

@Injectable()
export class RegistryPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly line = pLimit(1);
  private rounds: PeriodicTask | undefined;
  private verifiedAt = 0;
  /** Last reason for which the bus refused each key. Logged when it changes, not every second. */
  private readonly refused = new Map<string, string>();

  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
  ) {}

  /** Starts publishing; does not wait for the bus. */
  async onApplicationBootstrap(): Promise<void> {
    this.rounds = new PeriodicTask(
      LOOK_MS,
      () => this.round(),
      'publication of the registry',
      this.bus.link.log,
    );
    // The server of a new session can have lost what was confirmed before.
    await this.bus.link.onSession(() => {
      this.verifiedAt = 0;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds?.stop();
  }

  /** Resolves when everything that was stored before the call is on the bus, or after this time. */
  async settled(withinMs: number): Promise<void> {
    const waiting = new AbortController();
    const published = tolerate('registry publish', this.bus.link.log, () =>
      this.line(() => this.publish(false)),
    );
    await Promise.race([published, sleep(withinMs, waiting.signal)]);
    waiting.abort();
  }

  /** Empty while the bus is not connected. */
  async keysOnTheBus(): Promise<string[]> {
    if (!this.bus.link.connected) return [];
    return this.bus.registry.keys(REGISTRY_ENTRIES);
  }

  private async round(): Promise<void> {
    const verify = Date.now() - this.verifiedAt >= VERIFY_MS;
    await this.line(() => this.publish(verify));
  }

  private async publish(all: boolean): Promise<void> {
    const { session } = this.bus.link;
    if (session) {
      if (all) this.verifiedAt = Date.now();
      for (const row of await outbox(this.database, all)) {
        if (session.ended.aborted) break;
        await this.tried(session, row);
      }
    }
    metrics.registryUnpublished.set(await countUnpublished(this.database));
  }

  /** If the bus refuses one entry, the others are published all the same. */
  private async tried(session: BusSession, row: OutboxRow): Promise<void> {
    try {
      await this.publishOne(session, row);
      this.refused.delete(row.key);
    } catch (error) {
      const reason = (error as Error).message;
      if (this.refused.get(row.key) !== reason)
        this.bus.link.log.error(
          { key: row.key, version: row.version, reason },
          'registry entry not published; it is tried again every second',
        );
      this.refused.set(row.key, reason);
    }
  }

  private async publishOne(session: BusSession, row: OutboxRow): Promise<void> {
    const { revision, text } = await readRevision(session, BUCKETS.registry, row.key);
    const wanted = JSON.stringify({ version: row.version, content: JSON.parse(row.content) as unknown });
    if (text === wanted) return confirm(this.database, row);
    const held = versionIn(text);
    if (held >= row.version) return overtake(this.database, row, held);
    const ours = await replaceRevision(session, BUCKETS.registry, row.key, { revision, text: wanted });
    // Otherwise another console has written it; the next round compares again.
    if (ours) await confirm(this.database, row);
  }
}

/** Version of a stored entry; -1 if the value is invalid, so that it is overwritten. */
function versionIn(text: string): number {
  return RegistryEntry.safeParse(parseJson(Buffer.from(text))).data?.version ?? -1;
}
