/**
 * Suspensions. One admin may suspend a network at once in an emergency; without a second admin's confirmation it ends after
 * 24 hours. A suspension by two admins lasts until two admins end it.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow, NetworkRow } from '#database';
import { ApiProblem } from '#http';
import { DifferentPeople } from '../access/different-people.js';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { MembersService } from './members.service.js';
import { MembershipNews } from './membership-news.js';
import { MEMBERSHIP_TERMS, type MembershipTerms } from './membership-terms.js';
import { SuspensionsRepository } from './suspensions.repository.js';

const HOUR_MS = 3600_000;
/** One person suspends a network alone once in so many days: otherwise they could do so again whenever it ends. */
const ALONE_AGAIN_AFTER_DAYS = 30;

@Injectable()
export class SuspensionsService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(MembersService) private readonly members: MembersService,
    @Inject(SuspensionsRepository) private readonly rows: SuspensionsRepository,
    @Inject(MembershipNews) private readonly news: MembershipNews,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DifferentPeople) private readonly people: DifferentPeople,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(MEMBERSHIP_TERMS) private readonly terms: MembershipTerms,
  ) {}

  /** By one admin, at once. */
  async suspendInEmergency(by: ApiKeyRow, slug: string, reason: string): Promise<NetworkRow> {
    const at = this.now();
    const expiresAt = new Date(at.getTime() + this.terms.emergencySuspensionHours * HOUR_MS);
    const row = await this.database.transaction(async (manager) => {
      const { status } = await this.members.lock(manager, slug);
      if (status === 'suspended') throw new ApiProblem('conflict', `${slug} is suspended already`);
      await this.refuseRepetition(manager, by, slug, at);
      const network = await this.members.moveIn(manager, by, slug, 'suspend', reason);
      await this.rows.begin(manager, { network: slug, reason, by: by.id, at, expiresAt });
      const words = `The suspension is by one admin. It ends at ${expiresAt.toISOString()} unless a second admin confirms it.`;
      await this.news.tell(manager, slug, slug, words);
      return network;
    });
    await this.members.committed({ network: slug, action: 'suspend' });
    return row;
  }

  /** By another person than the one who suspended it: from then on it does not expire. */
  confirm(by: ApiKeyRow, slug: string, reason: string): Promise<NetworkRow> {
    return this.database.transaction(async (manager) => {
      const network = await this.members.lock(manager, slug);
      const current = await this.rows.current(manager, slug);
      if (!current?.expires_at || current.expires_at <= this.now())
        throw new ApiProblem('conflict', `no emergency suspension of ${slug} waits for a second admin`);
      if (!(await this.people.are(current.suspended_by, by.id)))
        throw new ApiProblem(
          'forbidden',
          'another admin than the one who suspended it must confirm the suspension',
        );
      await this.makeLasting(manager, by, slug, current.id, reason);
      return network;
    });
  }

  /** By two admins, as an approved change; of an emergency suspension the confirmation. */
  async suspendUntilFurtherNotice(
    manager: EntityManager,
    by: ApiKeyRow,
    slug: string,
    reason: string,
  ): Promise<void> {
    const { status } = await this.members.lock(manager, slug);
    const current = await this.rows.current(manager, slug);
    if (status === 'suspended' && !current?.expires_at)
      throw new ApiProblem('conflict', `${slug} is suspended until further notice already`);
    if (current?.expires_at) return this.makeLasting(manager, by, slug, current.id, reason);
    await this.members.moveIn(manager, by, slug, 'suspend', reason);
    await this.rows.begin(manager, { network: slug, reason, by: by.id, at: this.now(), expiresAt: null });
  }

  /** By one admin: a network that was approved, or that one admin suspended in an emergency. */
  async enable(by: ApiKeyRow, slug: string, reason: string): Promise<NetworkRow> {
    const row = await this.database.transaction(async (manager) => {
      const { status } = await this.members.lock(manager, slug);
      if (status === 'suspended' && !(await this.rows.current(manager, slug))?.expires_at)
        throw new ApiProblem(
          'forbidden',
          `two admins suspended ${slug}: two must agree to enable it, see POST /v1/networks/${slug}/enable/propose`,
        );
      return this.members.moveIn(manager, by, slug, 'enable', reason);
    });
    await this.members.committed({ network: slug, action: 'enable' });
    return row;
  }

  /** Ends an emergency suspension that nobody confirmed in time. @returns whether there was one */
  async liftOne(): Promise<boolean> {
    const slug = await this.database.transaction(async (manager) => {
      const due = await this.rows.overdue(manager, this.now());
      if (due === undefined) return undefined;
      await this.members.lock(manager, due);
      const current = await this.rows.current(manager, due);
      // Another console was faster, or a second admin.
      if (!current?.expires_at || current.expires_at > this.now()) return undefined;
      const hours = this.terms.emergencySuspensionHours;
      const reason = `no second admin confirmed the emergency suspension within ${hours} hours`;
      await this.members.moveIn(manager, 'hub', due, 'enable', reason);
      return due;
    });
    if (slug === undefined) return false;
    await this.members.committed({ network: slug, action: 'enable' });
    return true;
  }

  private async makeLasting(
    manager: EntityManager,
    by: ApiKeyRow,
    slug: string,
    id: string,
    reason: string,
  ): Promise<void> {
    await this.rows.confirm(manager, id, by.id, this.now());
    const words = `A second admin confirmed the suspension of ${slug}; it lasts until further notice: ${reason}.`;
    await this.news.tell(manager, slug, slug, words);
    await this.audit.record(manager, {
      by,
      action: 'network.suspend confirmed',
      subject: `network/${slug}`,
      reason,
      change: { id },
    });
  }

  private async refuseRepetition(
    manager: EntityManager,
    by: ApiKeyRow,
    slug: string,
    at: Date,
  ): Promise<void> {
    const since = new Date(at.getTime() - ALONE_AGAIN_AFTER_DAYS * 24 * HOUR_MS);
    for (const earlier of await this.rows.unconfirmedSince(manager, slug, since))
      if (!(await this.people.are(earlier, by.id)))
        throw new ApiProblem(
          'forbidden',
          `the same admin suspended ${slug} alone in the last ${ALONE_AGAIN_AFTER_DAYS} days: propose it to a second admin`,
        );
  }
}
