/** The registry as this process sees it: the newest snapshot published by the console, watched. */
import { Bucket, type BusLink, type OrderedPublisher } from '#bus';
import { BUCKETS, Registry, REGISTRY_KEY } from '#protocol';
import type { Log } from '#service';
import { RegistryIndex } from './registry-index.js';

export class RegistryView {
  current = RegistryIndex.empty;

  constructor(private readonly log: Log) {}

  static async watch(link: BusLink, publisher: OrderedPublisher, log: Log): Promise<RegistryView> {
    const view = new RegistryView(log);
    const bucket = new Bucket(link, publisher, BUCKETS.registry);
    await bucket.watch(REGISTRY_KEY, Registry, (snapshot) => view.accept(snapshot));
    return view;
  }

  /** Until the first snapshot, nothing may be decided. */
  get known(): boolean {
    return this.current.version >= 0;
  }

  /** A snapshot older than the one held is refused; a malformed one too. */
  accept(value: unknown): void {
    const parsed = Registry.safeParse(value);
    if (!parsed.success) {
      this.log.error({ issue: parsed.error.issues[0]?.message }, 'registry snapshot refused: malformed');
    } else if (parsed.data.version < this.current.version) {
      this.log.warn(
        { have: this.current.version, got: parsed.data.version },
        'registry snapshot refused: older than ours',
      );
    } else {
      this.current = new RegistryIndex(parsed.data);
      this.log.info(
        { version: parsed.data.version, members: parsed.data.members.length },
        'registry snapshot in force',
      );
    }
  }
}
