/** A key-value bucket of the bus. Writes go through the ordered publisher: pipelined, durable, resent after a crash. */
import { Kvm, type KV } from '@nats-io/kv';
import { HubError } from '#protocol';
import type { BusLink, BusSession } from './bus-link.js';
import type { OrderedPublisher } from './ordered-publisher.js';

const KEY = /^[-/_=.a-zA-Z0-9]+$/;
const ATTEMPTS = 60;

export class Bucket {
  private kv: KV | undefined;

  private constructor(
    readonly name: string,
    private readonly link: BusLink,
    private readonly publisher: OrderedPublisher,
  ) {}

  static async on(link: BusLink, publisher: OrderedPublisher, name: string): Promise<Bucket> {
    const bucket = new Bucket(name, link, publisher);
    await link.onSession(async (session) => bucket.bind(session));
    return bucket;
  }

  private async bind(session: BusSession): Promise<void> {
    this.kv = await new Kvm(session.js).open(this.name);
  }

  /** Resolves when stored. Later puts of the same key win, in the order of the calls. */
  async put(key: string, value: unknown): Promise<void> {
    await this.publisher.publish(this.subject(key), JSON.stringify(value));
  }

  /** undefined: there is no such key. Waits through a restart of the bus. */
  async get(key: string): Promise<unknown> {
    this.subject(key);
    for (let attempt = 1; ; attempt++) {
      try {
        const entry = await this.kv?.get(key);
        if (entry === null) return undefined;
        if (entry) return entry.operation === 'PUT' ? entry.json() : undefined;
      } catch (cause) {
        if (attempt >= ATTEMPTS) throw new HubError('91', `cannot read ${this.name}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** All keys that match, for start-up; not for the path of a message. */
  async keys(filter: string): Promise<string[]> {
    const found: string[] = [];
    if (this.kv) for await (const key of await this.kv.keys(filter)) found.push(key);
    return found;
  }

  async delete(key: string): Promise<void> {
    await this.kv?.delete(key);
  }

  /** Calls back with the value now and at every change, in every session. */
  async watch(key: string, onValue: (value: unknown) => void): Promise<void> {
    await this.link.onSession(async (session) => {
      const kv = await new Kvm(session.js).open(this.name);
      const updates = await kv.watch({ key });
      session.ended.addEventListener('abort', () => updates.stop(), { once: true });
      void (async () => {
        for await (const entry of updates) if (entry.operation === 'PUT') onValue(entry.json());
      })();
    });
  }

  private subject(key: string): string {
    if (!KEY.test(key)) throw new HubError('30', `"${key}" cannot be a key`);
    return `$KV.${this.name}.${key}`;
  }
}
