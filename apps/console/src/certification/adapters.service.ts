/** Changes of adapter states other than at sign-on: certified, expired, revoked. Each writes an audit entry. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { capabilitiesHash, SUITE_VERSION, type Report } from '#certification';
import { NetworkRow, type ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { type AdapterState, type Network } from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { afterAWhile } from './adapter-state.js';
import { heldCertificates } from './held-certificates.repository.js';

@Injectable()
export class AdaptersService {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Certifies the adapter in the transaction that stores the report. Not if another build is signed on by now, and not if it was
   * revoked during the run.
   */
  async certify(
    manager: EntityManager,
    slug: Network,
    report: Report,
    before: AdapterState,
  ): Promise<'certified' | 'outdated'> {
    const row = await manager.findOne(NetworkRow, { where: { slug }, lock: { mode: 'pessimistic_write' } });
    const asTried =
      row?.build === report.build &&
      row.capabilities !== null &&
      capabilitiesHash(row.capabilities) === report.capabilities;
    if (!row || !asTried || (row.adapter === 'revoked' && before !== 'revoked')) return 'outdated';
    await manager.update(NetworkRow, { slug }, { adapter: 'certified' });
    return 'certified';
  }

  async revoke(
    by: ApiKeyRow,
    slug: Network,
    reason: string,
  ): Promise<{ build: string | null; state: AdapterState }> {
    const row = await this.database.getRepository(NetworkRow).findOneBy({ slug });
    if (!row) throw new ApiProblem('not-found', `no network ${slug}`);
    const change = { from: row.adapter, to: 'revoked' };
    const [action, subject] = ['adapter.revoked', `network/${slug}`];
    await this.audit.changing({ by, action, subject, reason, change }, async (manager) => {
      await manager.update(NetworkRow, { slug }, { adapter: 'revoked' });
      await this.registry.changed(manager, { member: slug });
    });
    await this.registry.settled();
    return { build: row.build, state: 'revoked' };
  }

  /** Ends certificates that have expired or belong to another version of the suite. @returns the networks */
  async sweep(now = new Date()): Promise<string[]> {
    const held = await heldCertificates(this.database);
    const ended: string[] = [];
    for (const { slug, suite_version: suite, valid_until: validUntil } of held) {
      const { state, reason } = afterAWhile({ suite, validUntil }, SUITE_VERSION, now);
      if (state !== 'certified' && (await this.end(slug, state, reason))) ended.push(slug);
    }
    if (ended.length > 0) await this.registry.settled();
    return ended;
  }

  private end(slug: string, state: AdapterState, reason: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      // Another console can have done it in the meantime.
      const { affected } = await manager.update(
        NetworkRow,
        { slug, adapter: 'certified' },
        { adapter: state },
      );
      if (!affected) return false;
      await this.registry.changed(manager, { member: slug });
      await this.audit.record(manager, {
        by: 'hub',
        action: `adapter.${state}`,
        subject: `network/${slug}`,
        reason,
        change: { from: 'certified', to: state },
      });
      return true;
    });
  }
}
