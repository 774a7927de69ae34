/** A key-value bucket of the bus. Writes go through the ordered publisher: pipelined, durable, resent after a crash. */
import type { StoredMsg } from '@nats-io/jetstream';
import { Kvm, type KvWatchEntry } from '@nats-io/kv';
import pLimit from 'p-limit';
import { z } from 'zod';
import { HubError } from '#protocol';
import { metrics, runInBackground, sleep } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { checkedValue } from './checked-value.js';
import { lastMessage } from './direct-read.js';
import type { OrderedPublisher } from './ordered-publisher.js';

const KEY = /^[-/_=.a-zA-Z0-9]+$/;
const ATTEMPTS = 60;
const KEYS_AT_ONCE = 16;

/** How the key-value format marks what was deleted. */
const OPERATION = 'KV-Operation';

/** Read without the client's own key-value API, whose ways of reading need rights that no network has (decision 0011). */
export class BucketReader {
  /** @param rights `single`: of an account that reads single keys by their subject and cannot ask the stream anything else */
  constructor(
    protected readonly link: BusConnection,
    readonly name: string,
    private readonly rights: 'all' | 'single' = 'all',
  ) {}

  /**
   * undefined: there is no such key; null: what is stored there is not JSON, and an alarm was given. Waits through a
   * restart of the bus.
   */
  async get(key: string): Promise<unknown> {
    const subject = this.subject(key);
    for (let attempt = 1; ; attempt++) {
      try {
        const { session } = this.link;
        const found = session && (await this.last(session, subject));
        if (found === null) return undefined;
        if (found) return found.header.has(OPERATION) ? undefined : this.stored(key, found);
      } catch (cause) {
        if (attempt >= ATTEMPTS) throw new HubError('91', `cannot read ${this.name}`, { cause });
      }
      await sleep(250);
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

  /**
   * Calls back with the value now and at every change, in every session. A value that is not of the schema is refused
   * with an alarm, and the last good one stays in force.
   * @param onRefused for the process that writes the value, which can write it anew
   */
  async watch<T>(
    key: string,
    schema: z.ZodType<T>,
    onValue: (value: T, storedAt: Date) => void,
    onRefused?: () => void,
  ): Promise<void> {
    await this.link.onSession(async (session) => {
      const updates = await this.updates(session, key);
      this.follow(session, updates, (entry) => {
        if (entry.operation !== 'PUT') return;
        const value = this.checked(entry, schema);
        if (value === undefined) onRefused?.();
        else onValue(value, entry.created);
      });
    });
  }

  /**
   * The same for all keys that match; in every session all that is there comes again first. A bucket that is deleted
   * from by `delete` alone tells of deletions too, as `null`.
   * @param onCurrent everything that was there has been called back with, or refused
   */
  async watchAll<T>(
    filter: string,
    schema: z.ZodType<T>,
    onValue: (key: string, value: T | null) => void,
    onCurrent: () => void,
  ): Promise<void> {
    await this.link.onSession(async (session) => {
      const { state } = await session.jsm.streams.info(this.stream);
      const updates = await this.updates(session, filter);
      if (state.messages === 0) onCurrent();
      this.follow(session, updates, (entry) => {
        try {
          const value = entry.operation === 'PUT' ? this.checked(entry, schema.nullable()) : null;
          if (value !== undefined) onValue(entry.key, value);
        } finally {
          if (entry.delta === 0) onCurrent();
        }
      });
    });
  }

  /** @returns null: there is none */
  private last(session: BusSession, subject: string): Promise<StoredMsg | null> {
    return this.rights === 'single'
      ? lastMessage(session, this.stream, subject)
      : session.jsm.streams.getMessage(this.stream, { last_by_subj: subject });
  }

  private async updates(session: BusSession, key: string): Promise<AsyncIterable<KvWatchEntry>> {
    const kv = await new Kvm(session.js).open(this.name);
    const updates = await kv.watch({ key });
    session.ended.addEventListener('abort', () => updates.stop(), { once: true });
    return updates;
  }

  /** Until the session ends. A watch that ends before that is begun again with the next session. */
  private follow(
    session: BusSession,
    updates: AsyncIterable<KvWatchEntry>,
    onEntry: (entry: KvWatchEntry) => void,
  ): void {
    const task = `watch of ${this.name}`;
    runInBackground(task, this.link.log, async () => {
      try {
        for await (const entry of updates) runInBackground(task, this.link.log, () => onEntry(entry));
      } finally {
        if (!session.ended.aborted && this.link.session === session) this.link.restart(`the ${task} ended`);
      }
    });
  }

  private stored(key: string, found: { data: Uint8Array; seq: number }): unknown {
    const checked = checkedValue(found.data, z.unknown());
    if ('value' in checked) return checked.value ?? undefined;
    this.alarm(key, found.seq, checked.refused);
    return null;
  }

  /** undefined: refused. */
  private checked<T>({ key, revision, value }: KvWatchEntry, schema: z.ZodType<T>): T | undefined {
    const checked = checkedValue(value, schema);
    if ('value' in checked) return checked.value;
    this.alarm(key, revision, checked.refused);
    return undefined;
  }

  private alarm(key: string, revision: number, why: string): void {
    metrics.badValues.inc({ bucket: this.name });
    this.link.log.error({ bucket: this.name, key, revision, why }, 'value refused: the last good one stays');
  }

  private get stream(): string {
    return `KV_${this.name}`;
  }

  protected subject(key: string): string {
    if (!KEY.test(key)) throw new HubError('30', `"${key}" cannot be a key`);
    return `$KV.${this.name}.${key}`;
  }
}

/** A bucket that this process writes as well. */
export class Bucket extends BucketReader {
  constructor(
    link: BusConnection,
    private readonly publisher: OrderedPublisher,
    name: string,
  ) {
    super(link, name);
  }

  /** Resolves when stored. Later puts of the same key win, in the order of the calls. */
  async put(key: string, value: unknown): Promise<void> {
    await this.publisher.publish(this.subject(key), JSON.stringify(value));
  }

  /**
   * Of several that create the same key at once, the first wins.
   * @param why several that create it for the same reason, within two minutes
   */
  async create(key: string, value: unknown, why = 'create'): Promise<void> {
    await this.publisher.publish(this.subject(key), JSON.stringify(value), `${why} ${key}`);
  }

  /** In the order of the calls, like any put; `null` stands for what was. */
  delete(key: string): Promise<void> {
    return this.put(key, null);
  }
}
