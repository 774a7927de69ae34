/** One of several instances does something, and another when that one is gone. For what is harmless, only wasteful, when two do it. */
import { randomUUID } from 'node:crypto';
import { Kvm } from '@nats-io/kv';
import { z } from 'zod';
import type { BusLink } from './bus-link.js';

const Held = z.object({ holder: z.string(), until: z.number() });

export class Lease {
  private readonly holder = randomUUID();

  constructor(
    private readonly link: BusLink,
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
    const held = Held.safeParse(entry?.operation === 'PUT' ? entry.json() : undefined).data;
    if (held && held.holder !== this.holder && Date.now() < held.until) return false;
    const ours = JSON.stringify({ holder: this.holder, until: Date.now() + this.forMs });
    try {
      await kv.put(this.key, ours, { previousSeq: entry?.revision ?? 0 });
      return true;
    } catch {
      return false;
    }
  }
}
