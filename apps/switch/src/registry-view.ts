/** The registry as this process sees it: the entries published by the console, one key per network, watched. */
import { Bucket, type BusLink, type OrderedPublisher } from '#bus';
import { BUCKETS, REGISTRY_ENTRIES, RegistryEntries, registryKeys, RegistryEntry } from '#protocol';
import type { Log } from '#service';
import { RegistryIndex } from './registry-index.js';

export class RegistryView {
  current = RegistryIndex.empty;
  private readonly entries = new RegistryEntries();
  /** All entries that were there at the start have been read. */
  private complete = false;

  constructor(private readonly log: Log) {}

  static async watch(link: BusLink, publisher: OrderedPublisher, log: Log): Promise<RegistryView> {
    const view = new RegistryView(log);
    const bucket = new Bucket(link, publisher, BUCKETS.registry);
    await bucket.watchAll(
      REGISTRY_ENTRIES,
      (key, value) => view.accept(key, value),
      () => view.completed(),
    );
    return view;
  }

  /** Nothing may be decided before. A console publishes the phase with everything else, so that without it there is no registry. */
  get known(): boolean {
    return this.complete && this.entries.versionOf(registryKeys.phase) !== undefined;
  }

  /** A malformed entry is refused, and one that is older than the one held: the last good one of that key stays. */
  accept(key: string, value: unknown): void {
    const parsed = RegistryEntry.safeParse(value);
    if (!parsed.success) {
      this.log.error({ key, issue: parsed.error.issues[0]?.message }, 'registry entry refused: malformed');
      return;
    }
    const { version } = parsed.data;
    const result = this.entries.accept(key, parsed.data);
    switch (result) {
      case 'same':
        return;
      case 'taken':
        if (this.complete) this.rebuild(key);
        return;
      case 'older':
      case 'misplaced':
        this.log.warn(
          { key, have: this.entries.versionOf(key), got: version, result },
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

  private rebuild(key: string): void {
    this.current = new RegistryIndex(this.entries.assemble());
    this.log.info(
      { key, version: this.current.version, members: this.current.members.size },
      'registry in force',
    );
  }
}
