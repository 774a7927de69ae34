/** The consents that differ from the default, as this process sees them: watched, in memory, in force at once. */
import { Bucket, type BusLink, type OrderedPublisher } from '#bus';
import { BUCKETS, Consent, isOpenToAll, type Address } from '#protocol';
import type { Log } from '#service';

export class ConsentView {
  private readonly consents = new Map<Address, Consent>();
  /** Until all that is stored was read, nothing may be decided: somebody may be blocked. */
  known = false;

  constructor(private readonly log: Log) {}

  static async watch(link: BusLink, publisher: OrderedPublisher, log: Log): Promise<ConsentView> {
    const view = new ConsentView(log);
    const bucket = new Bucket(link, publisher, BUCKETS.subscribers);
    await bucket.watchAll(
      '>',
      (_, value) => view.accept(value),
      () => view.complete(),
    );
    return view;
  }

  get(address: Address): Consent | undefined {
    return this.consents.get(address);
  }

  accept(value: unknown): void {
    const parsed = Consent.safeParse(value);
    if (!parsed.success) {
      this.log.error({ issue: parsed.error.issues[0]?.message }, 'consent refused: malformed');
    } else if (isOpenToAll(parsed.data)) {
      this.consents.delete(parsed.data.address);
    } else {
      this.consents.set(parsed.data.address, parsed.data);
    }
  }

  private complete(): void {
    if (!this.known) this.log.info({ consents: this.consents.size }, 'consents in force');
    this.known = true;
  }
}
