/** The registry as this process sees it: the newest snapshot published by the console, watched. */
import { Bucket, type BusLink, type OrderedPublisher } from '#bus';
import { BUCKETS, Registry, REGISTRY_KEY, type Member, type Network } from '#protocol';
import type { Log } from '#service';

export class RegistryView {
  private snapshot: Registry = { version: -1, members: [] };
  private byNetwork: ReadonlyMap<Network, Member> = new Map();

  constructor(private readonly log: Log) {}

  static async watch(link: BusLink, publisher: OrderedPublisher, log: Log): Promise<RegistryView> {
    const view = new RegistryView(log);
    const bucket = new Bucket(link, publisher, BUCKETS.registry);
    await bucket.watch(REGISTRY_KEY, (value) => view.accept(value));
    return view;
  }

  get members(): ReadonlyMap<Network, Member> {
    return this.byNetwork;
  }

  /** Until the first snapshot, nothing may be decided. */
  get known(): boolean {
    return this.snapshot.version >= 0;
  }

  /** A snapshot older than the one held is refused; a malformed one too. */
  accept(value: unknown): void {
    const parsed = Registry.safeParse(value);
    if (!parsed.success) {
      this.log.error({ issue: parsed.error.issues[0]?.message }, 'registry snapshot refused: malformed');
    } else if (parsed.data.version < this.snapshot.version) {
      this.log.warn(
        { have: this.snapshot.version, got: parsed.data.version },
        'registry snapshot refused: older than ours',
      );
    } else {
      this.snapshot = parsed.data;
      this.byNetwork = new Map(parsed.data.members.map((member) => [member.network, member]));
      this.log.info(
        { version: parsed.data.version, members: parsed.data.members.length },
        'registry snapshot in force',
      );
    }
  }
}
