/** The registry as this process sees it: the entries published by the console, one key per network, watched. */
import { Bucket, type BusConnection, type OrderedPublisher } from '#bus';
import { BUCKETS, REGISTRY_ENTRIES, RegistryEntries, registryKeys, RegistryEntry } from '#protocol';
import type { Log } from '#service';
import { RegistryIndex } from './registry-index.js';

export class RegistryView {
  current = RegistryIndex.empty;
  private readonly entries = new RegistryEntries();
  /** All entries that were there at the start have been read. */
  private complete = false;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly log: Log) {}

  static async watch(link: BusConnection, publisher: OrderedPublisher, log: Log): Promise<RegistryView> {
    const view = new RegistryView(log);
    const bucket = new Bucket(link, publisher, BUCKETS.registry);
    await bucket.watchAll(
      REGISTRY_ENTRIES,
      RegistryEntry,
      (key, entry) => view.accept(key, entry),
      () => view.completed(),
    );
    return view;
  }

  /** Nothing may be decided before. A console publishes the phase with everything else, so that without it there is no registry. */
  get known(): boolean {
    return this.complete && this.entries.versionOf(registryKeys.phase) !== undefined;
  }

  /**
   * An entry that is older than the one held is refused. The bucket has refused what is malformed: the last good entry of
   * that key stays.
   * @param entry null: deleted on the bus, which no console does (a removed entry has a version, too)
   */
  accept(key: string, entry: RegistryEntry | null): void {
    const result = entry === null ? 'deleted' : this.entries.accept(key, entry);
    switch (result) {
      case 'same':
        return;
      case 'taken':
        if (this.complete) this.rebuild(key);
        return;
      case 'deleted':
      case 'older':
      case 'misplaced':
        this.log.warn(
          { key, have: this.entries.versionOf(key), got: entry?.version, result },
          'registry entry refused',
        );
    }
  }

  /** All entries that exist have been read. Called again in every session of the bus. */
  completed(): void {
    if (this.complete) return;
    this.complete = true;
    this.rebuild('all');
  }

  /** Calls back after every change that is in force. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private rebuild(key: string): void {
    this.current = new RegistryIndex(this.entries.assemble());
    for (const listener of this.listeners) listener();
    this.log.info(
      { key, version: this.current.version, members: this.current.members.size },
      'registry in force',
    );
  }
}
