/** One of several instances does something, and another when that one is gone. For what is harmless, only wasteful, when two do it. */
import { randomUUID } from 'node:crypto';
import { JetStreamApiError } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { z } from 'zod';
import { metrics } from '#service';
import type { BusConnection } from './bus-connection.js';
import { checkedValue } from './checked-value.js';

/** What the server answers to a write that expected another revision. */
const WRONG_LAST_SEQUENCE = 10_071;

const Held = z.object({ holder: z.string(), until: z.number() });

export class Lease {
  private readonly holder = randomUUID();

  constructor(
    private readonly link: BusConnection,
    private readonly bucket: string,
    private readonly key: string,
    private readonly forMs: number,
  ) {}

  /** Takes it if it is free, renews it if it is ours. @returns whether it is ours now */
  async take(): Promise<boolean> {
    const { session } = this.link;
    if (!session) return false;
    const kv = await new Kvm(session.js).open(this.bucket);
    const entry = await kv.get(this.key);
    // What is no lease is nobody's, and is written over.
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
