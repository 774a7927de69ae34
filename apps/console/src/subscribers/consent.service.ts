/** Consents of subscribers: stored in the database and published on the bus. The switch keeps those that differ from the default. */
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { BUCKETS, consentKey, openToAll, type Address, type Consent, networkOf } from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { runInBackground } from '#service';
import { ConsoleBus } from '../core/console-bus.js';
import { expectVersion } from '../http/versions.js';
import {
  consentOf,
  consentsAfter,
  lockConsent,
  replaceConsent,
  type ConsentColumns,
} from './consents.repository.js';

export interface VersionedConsent {
  consent: Consent;
  version: number;
}

const CHUNK = 5000;

@Injectable()
export class ConsentService implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly audit: AuditService,
  ) {}

  async of(address: Address): Promise<VersionedConsent> {
    const row = await consentOf(this.database, address);
    return row ? versioned(row) : { consent: openToAll(address), version: 0 };
  }

  /** @throws ApiProblem 412 or 428 if the caller has not read the present version */
  async set(by: ApiKeyRow, consent: Consent, ifMatch: string | undefined): Promise<VersionedConsent> {
    return this.database.transaction(async (manager) => {
      expectVersion(ifMatch, await lockConsent(manager, consent.address));
      return this.write(manager, by, consent);
    });
  }

  /** @throws ApiProblem conflict if the consent has changed since the proposal */
  async expectVersion(manager: EntityManager, address: Address, version: number): Promise<void> {
    if ((await lockConsent(manager, address)) !== version)
      throw new ApiProblem(
        'conflict',
        `the consent of ${address} has changed since this was proposed: read it and propose again`,
      );
  }

  /** Stores a consent, which is in force when this returns: it is published before the commit, in the order of the row locks. */
  async write(manager: EntityManager, by: ApiKeyRow, consent: Consent): Promise<VersionedConsent> {
    const { address, reach, contacts, blocked } = consent;
    if (!this.bus.link.connected)
      throw new ApiProblem('unavailable', 'the bus is not connected: try again later');
    const row = await replaceConsent(manager, consent);
    await this.audit.record(manager, {
      by,
      action: 'consent.changed',
      subject: `consent/${address}`,
      reason: 'as its subscriber asked',
      change: { reach, contacts, blocked },
      networks: [networkOf(address)],
    });
    await this.bus.subscribers.put(consentKey(address), consent);
    return versioned(row);
  }

  /** Publishes all consents again, in case the bus has lost them. */
  async onApplicationBootstrap(): Promise<void> {
    await this.bus.link.onSession(async ({ jsm }) => {
      const { state } = await jsm.streams.info(`KV_${BUCKETS.subscribers}`);
      if (state.messages === 0)
        runInBackground('consents published anew', this.bus.link.log, () => this.publishAll());
    });
  }

  private async publishAll(): Promise<void> {
    let after = '';
    for (;;) {
      const rows = await consentsAfter(this.database, after, CHUNK);
      await Promise.all(
        rows.map((row) => this.bus.subscribers.put(consentKey(row.address), versioned(row).consent)),
      );
      after = rows.at(-1)?.address ?? after;
      if (rows.length < CHUNK) return;
    }
  }
}

function versioned({ version, address, reach, contacts, blocked }: ConsentColumns): VersionedConsent {
  return { version, consent: { address, reach, contacts, blocked } };
}
