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
      Consent,
      (_, consent) => consent && view.accept(consent),
      () => view.complete(),
    );
    return view;
  }

  get(address: Address): Consent | undefined {
    return this.consents.get(address);
  }

  accept(consent: Consent): void {
    if (isOpenToAll(consent)) this.consents.delete(consent.address);
    else this.consents.set(consent.address, consent);
  }

  private complete(): void {
    if (!this.known) this.log.info({ consents: this.consents.size }, 'consents in force');
    this.known = true;
  }
}
