/** A lease on a task: one of several instances holds it, another one takes it when it expires. For tasks that two may do at once without harm. */
import { randomUUID } from 'node:crypto';
import { JetStreamApiError } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { z } from 'zod';
import { metrics } from '#service';
import type { BusConnection } from './bus-connection.js';
import { checkedValue } from './checked-value.js';

/** Error code of the server for a write that expected another revision. */
const WRONG_LAST_SEQUENCE = 10_071;

const Held = z.object({ holder: z.string(), until: z.number() });

export class Lease {
  private readonly holder = randomUUID();

  constructor(
    private readonly connection: BusConnection,
    private readonly bucket: string,
    private readonly key: string,
    private readonly forMs: number,
  ) {}

  /** Takes the lease if it is free, renews it if this instance holds it. @returns whether this instance holds it now */
  async take(): Promise<boolean> {
    const { session } = this.connection;
    if (!session) return false;
    const kv = await new Kvm(session.js).open(this.bucket);
    const entry = await kv.get(this.key);
    // An unreadable value is no lease: it is overwritten.
    const stored = entry?.operation === 'PUT' ? checkedValue(entry.value, Held) : undefined;
    const held = stored && 'value' in stored ? stored.value : undefined;
    if (stored && 'refused' in stored) metrics.badValues.inc({ bucket: this.bucket });
    if (held && held.holder !== this.holder && Date.now() < held.until) return false;
    const ours = JSON.stringify({ holder: this.holder, until: Date.now() + this.forMs });
    try {
      await kv.put(this.key, ours, { previousSeq: entry?.revision ?? 0 });
      return true;
    } catch (error) {
      // Another instance wrote first.
      if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) return false;
      throw error;
    }
  }
}
