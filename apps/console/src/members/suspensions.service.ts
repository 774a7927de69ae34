/**
 * Suspensions. In an emergency one admin can suspend a network at once; without the confirmation of a second admin the suspension
 * ends after 24 hours. A suspension by two admins lasts until two admins end it.
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
/** One person can suspend a network alone once in this number of days. Otherwise they could do so again at every end. */
const ALONE_AGAIN_AFTER_DAYS = 30;

@Injectable()
export class SuspensionsService {
  constructor(
    private readonly database: DataSource,
    private readonly members: MembersService,
    private readonly rows: SuspensionsRepository,
    private readonly news: MembershipNews,
    private readonly audit: AuditService,
    private readonly people: DifferentPeople,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(MEMBERSHIP_TERMS) private readonly terms: MembershipTerms,
  ) {}

  /** Emergency suspension by one admin. */
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

  /** Confirms an emergency suspension, by another person than the one who suspended. It then does not expire. */
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

  /** Suspension as an approved change of two admins. Confirms an emergency suspension. */
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

  /** Enables an approved network, or one with an emergency suspension, by one admin. */
  async enable(by: ApiKeyRow, slug: string, reason: string): Promise<NetworkRow> {
    const row = await this.database.transaction(async (manager) => {
      const { status } = await this.members.lock(manager, slug);
      if (status === 'suspended' && !(await this.rows.current(manager, slug))?.expires_at)
        throw new ApiProblem(
          'forbidden',
          `two admins suspended ${slug}: two must agree to enable it. Propose it with POST /v1/networks/${slug}/enable/propose`,
        );
      return this.members.moveIn(manager, by, slug, 'enable', reason);
    });
    await this.members.committed({ network: slug, action: 'enable' });
    return row;
  }

  /** Ends an emergency suspension that nobody has confirmed in time. @returns whether there was one */
  async liftOne(): Promise<boolean> {
    const slug = await this.database.transaction(async (manager) => {
      const due = await this.rows.overdue(manager, this.now());
      if (due === undefined) return undefined;
      await this.members.lock(manager, due);
      const current = await this.rows.current(manager, due);
      // Another console or a second admin has changed it in the meantime.
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
          `you suspended ${slug} alone in the last ${ALONE_AGAIN_AFTER_DAYS} days: propose the suspension, so that a second admin approves it`,
        );
  }
}
