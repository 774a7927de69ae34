/**
 * A map in the adapter's durable memory, read when it is needed, with a bounded cache: memory and start-up do not grow with
 * the people of a network. For adapters of which one process works at a time: the cache of another one would be out of date.
 */
import { LruCache } from '#service';
import type { Memory } from './memory.contract.js';

/** A key that is not in the memory is remembered too: events of strangers must not cost a read each. */
interface Cached<Value> {
  value: Value | undefined;
}

export class StoredMap<Value extends {}> {
  private readonly cache: LruCache<string, Cached<Value>>;
  /** Reads in progress, by key: bounded by what is being processed. */
  private readonly reading = new Map<string, Promise<void>>();

  /** @param prefix of its keys in the memory. @param max number of cached entries */
  constructor(
    private readonly memory: Pick<Memory, 'get' | 'put'>,
    private readonly prefix: string,
    max: number,
  ) {
    this.cache = new LruCache({ max });
  }

  /** @throws HubError 91 when the bus cannot be read */
  async get(key: string): Promise<Value | undefined> {
    await this.load(key);
    return this.known(key);
  }

  /** Whether `known` answers without a read. */
  isLoaded(key: string): boolean {
    return this.cache.has(key);
  }

  /** Reads the entry into the cache, if it is not there. */
  async load(key: string): Promise<void> {
    if (this.isLoaded(key)) return;
    const before = this.reading.get(key);
    if (before) return before;
    const work = this.read(key).finally(() => this.reading.delete(key));
    this.reading.set(key, work);
    return work;
  }

  /** Without a read, for a change that must see the newest value: after `load`. */
  known(key: string): Value | undefined {
    return this.cache.get(key)?.value;
  }

  /** Returned by `get` at once. Resolves when it is on disk. @throws HubError as `Memory.put` */
  put(key: string, value: Value): Promise<void> {
    this.assume(key, value);
    return this.memory.put(this.prefix + key, value);
  }

  /** Returned by `get` from now on, but not stored. */
  assume(key: string, value: Value | undefined): void {
    this.cache.set(key, { value });
  }

  private async read(key: string): Promise<void> {
    const value = ((await this.memory.get(this.prefix + key)) as Value | null | undefined) ?? undefined;
    // It may have been written meanwhile.
    if (!this.cache.has(key)) this.cache.set(key, { value });
  }
}
