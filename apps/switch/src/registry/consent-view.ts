/**
 * The consents that differ from the default, as this instance knows them. `ViewUpdates` feeds it; a change is in force at
 * once. A consent is found by the canonical address of a person, even if it was stored under another spelling.
 */
import { Inject, Injectable } from '@nestjs/common';
import { CanonicalAddresses, isOpenToAll, mergedConsent, type Address, type Consent } from '#protocol';
import { LOG, type Log } from '#service';
import { RegistryView } from './registry-view.js';

/** How addresses fold, and when that changes. */
type FoldingRules = Pick<RegistryView, 'current' | 'onChange'>;

@Injectable()
export class ConsentView {
  /** As stored, by the address under which each was stored. */
  private readonly stored = new Map<Address, Consent>();
  /** By canonical address: the consents stored under any of its spellings. */
  private byPerson = new Map<Address, Map<Address, Consent>>();
  private readonly inForce = new Map<Address, Consent>();
  private canonical = new CanonicalAddresses(() => undefined);
  private foldings = '';
  /** All stored consents have been read. Until then no event may be decided: its sender may be blocked. */
  known = false;

  constructor(
    @Inject(LOG) private readonly log: Log,
    @Inject(RegistryView) registry: FoldingRules,
  ) {
    this.follow(registry);
    registry.onChange(() => this.follow(registry));
  }

  get(address: Address): Consent | undefined {
    return this.inForce.get(address);
  }

  /** Called when all stored consents have been read, in every session of the bus. */
  completed(): void {
    if (!this.known) this.log.info({ consents: this.stored.size }, 'consents in force');
    this.known = true;
  }

  accept(consent: Consent): void {
    if (isOpenToAll(consent)) this.stored.delete(consent.address);
    else this.stored.set(consent.address, consent);
    this.arrange(consent.address);
  }

  /** When a network declares other rules for its ids, the stored addresses may mean other people: all are arranged anew. */
  private follow({ current }: FoldingRules): void {
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
}
