/**
 * Brings the outbox of the registry to the bus, in the order of the changes, until the bus has confirmed each entry. Several
 * consoles may do so at once: an entry is written over the revision that was read, and never over a newer version.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pLimit from 'p-limit';
import { DataSource } from 'typeorm';
import { readRevision, replaceRevision, type BusSession } from '#bus';
import { BUCKETS, parseJson, REGISTRY_ENTRIES, RegistryEntry } from '#protocol';
import { metrics, PeriodicTask, sleep, tolerate } from '#service';
import { ConsoleBus } from '../core/console-bus.js';
import { confirm, countUnpublished, outbox, overtake, type OutboxRow } from './outbox.repository.js';

const LOOK_MS = 1000;
/** How often what the bus holds is compared with the outbox. */
const VERIFY_MS = 60_000;

@Injectable()
export class RegistryPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly line = pLimit(1);
  private rounds: PeriodicTask | undefined;
  private verifiedAt = 0;
  /** By key: why the bus refused it last. Logged when it changes, not every second. */
  private readonly refused = new Map<string, string>();

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
  ) {}

  /** Begins; does not wait for the bus. */
  async onApplicationBootstrap(): Promise<void> {
    this.rounds = new PeriodicTask(LOOK_MS, () => this.round(), 'registry published', this.bus.link.log);
    // A new session may be with a server that lost what the last one confirmed.
    await this.bus.link.onSession(() => {
      this.verifiedAt = 0;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds?.stop();
  }

  /** Resolves when all that was stored before the call is on the bus, or after the time given. */
  async settled(withinMs: number): Promise<void> {
    const waiting = new AbortController();
    const published = tolerate('registry publish', this.bus.link.log, () =>
      this.line(() => this.publish(false)),
    );
    await Promise.race([published, sleep(withinMs, waiting.signal)]);
    waiting.abort();
  }

  /** Empty while the bus is away. */
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

  /** One entry that the bus refuses keeps no other from being published. */
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
    // Else another console was faster; the next round compares again.
    if (ours) await confirm(this.database, row);
  }
}

/** -1: what is stored there is no entry, and is overwritten. */
function versionIn(text: string): number {
  return RegistryEntry.safeParse(parseJson(Buffer.from(text))).data?.version ?? -1;
}
