/**
 * The consents that differ from the default, as this process sees them: watched, in memory, in force at once. They are found
 * by the canonical address of a person, also those that were stored under another spelling.
 */
import { Bucket, type BusConnection, type OrderedPublisher } from '#bus';
import { BUCKETS, CanonicalAddresses, Consent, isOpenToAll, mergedConsent, type Address } from '#protocol';
import type { Log } from '#service';
import type { RegistryView } from './registry-view.js';

export class ConsentView {
  /** As stored, by the address that each was stored under. */
  private readonly stored = new Map<Address, Consent>();
  /** By person: those stored under any spelling of the address. */
  private byPerson = new Map<Address, Map<Address, Consent>>();
  private readonly inForce = new Map<Address, Consent>();
  private canonical = new CanonicalAddresses(() => undefined);
  private foldings = '';
  /** Until all that is stored was read, nothing may be decided: somebody may be blocked. */
  known = false;

  constructor(private readonly log: Log) {}

  /** @param registry says how addresses fold; undefined: each spelling counts for itself */
  static async watch(
    link: BusConnection,
    publisher: OrderedPublisher,
    log: Log,
    registry?: RegistryView,
  ): Promise<ConsentView> {
    const view = registry ? ConsentView.following(registry, log) : new ConsentView(log);
    const bucket = new Bucket(link, publisher, BUCKETS.subscribers);
    await bucket.watchAll(
      '>',
      Consent,
      (_, consent) => consent && view.accept(consent),
      () => view.complete(),
    );
    return view;
  }

  /** Empty yet; arranged anew whenever a network declares another rule for its ids. */
  static following(registry: Pick<RegistryView, 'current' | 'onChange'>, log: Log): ConsentView {
    const view = new ConsentView(log);
    view.follow(registry);
    registry.onChange(() => view.follow(registry));
    return view;
  }

  get(address: Address): Consent | undefined {
    return this.inForce.get(address);
  }

  accept(consent: Consent): void {
    if (isOpenToAll(consent)) this.stored.delete(consent.address);
    else this.stored.set(consent.address, consent);
    this.arrange(consent.address);
  }

  /** A network that declares other rules for its ids changes who is meant by what is stored. */
  private follow({ current }: Pick<RegistryView, 'current'>): void {
    const foldings = JSON.stringify(
      [...current.members.values()].map(({ network, capabilities: { ids, numbersWithout } = {} }) => [
        network,
        ids,
        numbersWithout,
      ]),
    );
    this.canonical = current.canonical;
    if (foldings === this.foldings) return;
    this.foldings = foldings;
    this.byPerson = new Map();
    this.inForce.clear();
    for (const address of this.stored.keys()) this.arrange(address);
  }

  private arrange(address: Address): void {
    const person = this.canonical.orSame(address);
    const spellings = this.byPerson.get(person) ?? new Map<Address, Consent>();
    const consent = this.stored.get(address);
    if (consent) spellings.set(address, consent);
    else spellings.delete(address);
    if (spellings.size === 0) {
      this.byPerson.delete(person);
      this.inForce.delete(person);
      return;
    }
    this.byPerson.set(person, spellings);
    this.inForce.set(person, mergedConsent(person, [...spellings.values()], this.canonical));
  }

  private complete(): void {
    if (!this.known) this.log.info({ consents: this.stored.size }, 'consents in force');
    this.known = true;
  }
}
