/**
 * Rewrites stored addresses when a network declares another id rule, or its first one after an upgrade. Rows whose addresses become
 * equal are merged; of two consents the stricter applies.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  consentKey,
  mergedConsent,
  openToAll,
  type Address,
  type CanonicalAddresses,
  type Consent,
  type E164,
  type Network,
} from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleBus } from '../core/console-bus.js';
import { DirectoryService } from '../numbers/directory.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { IdFoldingsRepository } from './id-foldings.repository.js';
import { StoredAddressesRepository, type StoredConsent } from './stored-addresses.repository.js';

const CHUNK = 1000;
/** Values as they are stored in the tables. */
const LONGEST = 1000;

@Injectable()
export class StoredAddresses {
  constructor(
    private readonly foldings: IdFoldingsRepository,
    private readonly rows: StoredAddressesRepository,
    private readonly registry: RegistryService,
    private readonly audit: AuditService,
    private readonly directory: DirectoryService,
    private readonly bus: ConsoleBus,
  ) {}

  /** Runs in the transaction that stores the declaration of the network. */
  async refold(manager: EntityManager, network: Network): Promise<void> {
    const canonical = await this.foldings.canonical(manager);
    const respelt = await this.respell(manager, network, canonical);
    const consents = await this.refoldConsents(manager, network, canonical);
    if (respelt + consents === 0) return;
    await this.audit.record(manager, {
      by: 'hub',
      action: 'addresses.respelt',
      subject: `network/${network}`,
      reason: 'the network declares another rule for its ids',
      change: { addresses: respelt, consents },
    });
  }

  private async respell(
    manager: EntityManager,
    network: Network,
    canonical: CanonicalAddresses,
  ): Promise<number> {
    const lists = new Set<Network | null>();
    const changed: Address[] = [];
    for (const address of await this.rows.list(manager, network)) {
      const to = canonical.orSame(address);
      if (to === address || to.length > LONGEST) continue;
      for (const list of await this.rows.respell(manager, address, to)) lists.add(list);
      changed.push(to);
    }
    for (const blockedBy of lists) await this.registry.changed(manager, { blockedBy });
    // A switch with a cached answer has the old spelling, which it makes canonical itself.
    for (const number of await this.rows.numbersOf(manager, changed))
      await this.directory.changed(`+${number}` as E164);
    return changed.length;
  }

  /** Publishes the consents before the commit, like every change of a consent. @returns the number of changed or merged consents */
  private async refoldConsents(
    manager: EntityManager,
    network: Network,
    canonical: CanonicalAddresses,
  ): Promise<number> {
    let [after, count] = ['', 0];
    for (;;) {
      const page = await this.rows.consents(manager, network, after, CHUNK);
      for (const consent of page) if (await this.refoldConsent(manager, consent, canonical)) count++;
      after = page.at(-1)?.address ?? after;
      if (page.length < CHUNK) return count;
    }
  }

  private async refoldConsent(
    manager: EntityManager,
    consent: StoredConsent,
    canonical: CanonicalAddresses,
  ): Promise<boolean> {
    const respelt = canonical.orSame(consent.address);
    const address = respelt.length > LONGEST ? consent.address : respelt;
    const all = await this.rows.consentsOf(manager, [consent.address, address]);
    const merged = mergedConsent(address, all, canonical);
    if (address === consent.address && isSame(merged, consent)) return false;
    await this.rows.putConsent(manager, merged);
    await this.bus.subscribers.put(consentKey(address), merged);
    if (address === consent.address) return true;
    await this.rows.removeConsent(manager, consent.address);
    await this.bus.subscribers.put(consentKey(consent.address), openToAll(consent.address));
    return true;
  }
}

function isSame(one: Consent, other: StoredConsent): boolean {
  return (
    one.contacts.join(' ') === other.contacts.join(' ') && one.blocked.join(' ') === other.blocked.join(' ')
  );
}
