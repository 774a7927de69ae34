/** A key-value bucket of the bus. Writes go through the ordered publisher: pipelined, durable, resent after a crash. */
import { Kvm } from '@nats-io/kv';
import pLimit from 'p-limit';
import { HubError } from '#protocol';
import type { BusLink } from './bus-link.js';
import type { OrderedPublisher } from './ordered-publisher.js';

const KEY = /^[-/_=.a-zA-Z0-9]+$/;
const ATTEMPTS = 60;
const KEYS_AT_ONCE = 16;

/** How the key-value format marks what was deleted. */
const OPERATION = 'KV-Operation';

/** Read without the client's own key-value API, whose ways of reading need rights that no network has (decision 0011). */
export class Bucket {
  constructor(
    private readonly link: BusLink,
    private readonly publisher: OrderedPublisher,
    readonly name: string,
  ) {}

  /** Resolves when stored. Later puts of the same key win, in the order of the calls. */
  async put(key: string, value: unknown): Promise<void> {
    await this.publisher.publish(this.subject(key), JSON.stringify(value));
  }

  /** Of several that create the same key at once, the first wins. */
  async create(key: string, value: unknown): Promise<void> {
    await this.publisher.publish(this.subject(key), JSON.stringify(value), `create ${key}`);
  }

  /** undefined: there is no such key. Waits through a restart of the bus. */
  async get(key: string): Promise<unknown> {
    const subject = this.subject(key);
    for (let attempt = 1; ; attempt++) {
      try {
        const found = await this.link.session?.jsm.streams.getMessage(this.stream, { last_by_subj: subject });
        if (found === null) return undefined;
        if (found) return found.header.has(OPERATION) ? undefined : (found.json<unknown>() ?? undefined);
      } catch (cause) {
        if (attempt >= ATTEMPTS) throw new HubError('91', `cannot read ${this.name}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** All keys that match, for start-up; not for the path of a message. @throws HubError 91 while the bus is away */
  async keys(filter: string): Promise<string[]> {
    const prefix = `$KV.${this.name}.`;
    const { session } = this.link;
    if (!session) throw new HubError('91', 'the bus is away');
    const info = await session.jsm.streams.info(this.stream, { subjects_filter: prefix + filter });
    const keys = Object.keys(info.state.subjects ?? {}).map((subject) => subject.slice(prefix.length));
    const look = pLimit(KEYS_AT_ONCE);
    const there = await Promise.all(keys.map((key) => look(async () => (await this.get(key)) !== undefined)));
    return keys.filter((_, at) => there[at]);
  }

  /** In the order of the calls, like any put; `null` stands for what was. */
  delete(key: string): Promise<void> {
    return this.put(key, null);
  }

  /** Calls back with the value now and at every change, in every session. */
  async watch(key: string, onValue: (value: unknown, storedAt: Date) => void): Promise<void> {
    await this.link.onSession(async (session) => {
      const kv = await new Kvm(session.js).open(this.name);
      const updates = await kv.watch({ key });
      session.ended.addEventListener('abort', () => updates.stop(), { once: true });
      void (async () => {
        for await (const entry of updates)
          if (entry.operation === 'PUT') onValue(entry.json(), entry.created);
      })();
    });
  }

  /**
   * The same for all keys that match; in every session all that is there comes again first. A bucket that is deleted
   * from by `delete` alone tells of deletions too, as `null`.
   * @param onCurrent everything that was there has been called back with
   */
  async watchAll(
    filter: string,
    onValue: (key: string, value: unknown) => void,
    onCurrent: () => void,
  ): Promise<void> {
    await this.link.onSession(async (session) => {
      const kv = await new Kvm(session.js).open(this.name);
      const { state } = await session.jsm.streams.info(this.stream);
      const updates = await kv.watch({ key: filter });
      session.ended.addEventListener('abort', () => updates.stop(), { once: true });
      if (state.messages === 0) onCurrent();
      void (async () => {
        for await (const entry of updates) {
          onValue(entry.key, entry.operation === 'PUT' ? entry.json() : null);
          if (entry.delta === 0) onCurrent();
        }
      })();
    });
  }

  private get stream(): string {
    return `KV_${this.name}`;
  }

  private subject(key: string): string {
    if (!KEY.test(key)) throw new HubError('30', `"${key}" cannot be a key`);
    return `$KV.${this.name}.${key}`;
  }
}
