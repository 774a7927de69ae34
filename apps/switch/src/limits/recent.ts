/**
 * A map that keeps between `max / 2` and `max` of the newest entries. For entries that are written at every message and
 * rarely read: it costs a third of an LRU cache, which records the order of every use.
 */
export class Recent<Key, Value> {
  private young = new Map<Key, Value>();
  private old = new Map<Key, Value>();

  constructor(private readonly max: number) {}

  get(key: Key): Value | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: Key, value: Value): void {
    this.young.set(key, value);
    if (this.young.size < this.max / 2) return;
    this.old = this.young;
    this.young = new Map();
  }
}
