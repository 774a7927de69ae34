/** Reads a key-value bucket of the bus. */
import type { StoredMsg } from '@nats-io/jetstream';
import { Kvm, type KvWatchEntry } from '@nats-io/kv';
import { z } from 'zod';
import { HubError } from '#protocol';
import { metrics, runInBackground } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { checkedValue } from './checked-value.js';
import { lastMessage } from './direct-read.js';
import { patiently } from './patient-read.js';

const KEY = /^[-/_=.a-zA-Z0-9]+$/;
const READ_AT_ONCE = 16;

/** Header that marks a deleted key in the key-value format. */
const OPERATION = 'KV-Operation';

interface Revised {
  value: unknown;
  revision: number;
}

/** Reads a bucket. Single keys are read without the client's key-value API, which needs rights that no network has (decision 0011). */
export class BucketReader {
  /** @param rights `single`: the account can read single keys by their subject, and nothing else of the stream */
  constructor(
    protected readonly connection: BusConnection,
    readonly name: string,
    private readonly rights: 'all' | 'single' = 'all',
  ) {}

  /**
   * undefined: there is no such key. null: the value is not JSON, and an alarm was raised. Waits while the bus is away.
   * @throws HubError 91 when the bus is away, or does not answer, for 15 s: the caller tries again later
   */
  async get(key: string): Promise<unknown> {
    return (await this.revised(key)).value;
  }

  /** The same with the revision of the value. 0: nothing was ever stored. */
  protected async revised(key: string): Promise<Revised> {
    const subject = this.subject(key);
    const found = await patiently(this.connection, this.stream, (session) => this.last(session, subject));
    if (found === null) return { value: undefined, revision: 0 };
    const value = found.header.has(OPERATION) ? undefined : this.stored(key, found);
    return { value, revision: found.seq };
  }

  /** All keys that match. Reads every value: for start-up, not for each message. @throws HubError 91 while the bus is away */
  async keys(filter: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const [key] of this.entries(filter)) keys.push(key);
    return keys;
  }

  /** All keys that match, with their values, which are read as the caller proceeds. @throws HubError 91 while the bus is away */
  async *entries(filter: string): AsyncGenerator<[key: string, value: unknown]> {
    const prefix = `$KV.${this.name}.`;
    const { session } = this.connection;
    if (!session) throw new HubError('91', 'the bus is away');
    const info = await session.jsm.streams.info(this.stream, { subjects_filter: prefix + filter });
    const keys = Object.keys(info.state.subjects ?? {}).map((subject) => subject.slice(prefix.length));
    for (let at = 0; at < keys.length; at += READ_AT_ONCE) {
      const some = keys.slice(at, at + READ_AT_ONCE);
      const values = await Promise.all(some.map((key) => this.get(key)));
      for (const [n, key] of some.entries()) if (values[n] !== undefined) yield [key, values[n]];
    }
  }

  /**
   * Calls back with the current value and at every change, in every session. A value that does not match the schema raises an
   * alarm, and the last valid one stays in force.
   * @param onRefused for the process that owns the value and can write it again
   */
  async watch<T>(
    key: string,
    schema: z.ZodType<T>,
    onValue: (value: T, storedAt: Date) => void,
    onRefused?: () => void,
  ): Promise<void> {
    await this.connection.onSession(async (session) => {
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
   * The same for all keys that match. In every session all existing values come first. Deletions by `delete` are called back
   * as `null`.
   * @param onCurrent called when all existing values were called back or refused
   */
  async watchAll<T>(
    filter: string,
    schema: z.ZodType<T>,
    onValue: (key: string, value: T | null) => void,
    onCurrent: () => void,
  ): Promise<void> {
    await this.connection.onSession(async (session) => {
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

  /** Follows the watch until the session ends. A watch that ends earlier ends the session, so that the next one begins it again. */
  private follow(
    session: BusSession,
    updates: AsyncIterable<KvWatchEntry>,
    onEntry: (entry: KvWatchEntry) => void,
  ): void {
    const task = `watch of ${this.name}`;
    runInBackground(task, this.connection.log, async () => {
      try {
        for await (const entry of updates) runInBackground(task, this.connection.log, () => onEntry(entry));
      } finally {
        if (!session.ended.aborted && this.connection.session === session)
          this.connection.restart(`the ${task} ended`);
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
    this.connection.log.error(
      { bucket: this.name, key, revision, why },
      'invalid value ignored, the last valid one stays in force',
    );
  }

  protected get stream(): string {
    return `KV_${this.name}`;
  }

  protected subject(key: string): string {
    if (!KEY.test(key)) throw new HubError('30', `"${key}" cannot be a key`);
    return `$KV.${this.name}.${key}`;
  }
}
