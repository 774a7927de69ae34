/** A network leaves after a notice period, may withdraw that until its date, and has its words to people approved by an admin. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow, NetworkRow } from '#database';
import { ApiProblem } from '#http';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import type { DepartureView } from './departures.dto.js';
import { departureView, DeparturesRepository, type DepartureRow } from './departures.repository.js';
import { MembersService } from './members.service.js';
import { MembershipNews } from './membership-news.js';
import { MEMBERSHIP_TERMS, type MembershipTerms } from './membership-terms.js';

export interface Departure {
  at: Date;
  /** Its own words to people, beside the date. */
  notice: string | undefined;
}

const DAY_MS = 24 * 3600_000;
/** A text that no admin has decided about by then is not sent: people are told the date only. */
const DECIDE_WITHIN_MS = 3 * DAY_MS;

@Injectable()
export class DeparturesService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(MembersService) private readonly members: MembersService,
    @Inject(DeparturesRepository) private readonly rows: DeparturesRepository,
    @Inject(MembershipNews) private readonly news: MembershipNews,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(MEMBERSHIP_TERMS) private readonly terms: MembershipTerms,
  ) {}

  /** By its operator. @throws ApiProblem invalid when the date is nearer than the notice period */
  async leave(by: ApiKeyRow, slug: string, departure: Departure, reason: string): Promise<NetworkRow> {
    const row = await this.database.transaction(async (manager) => {
      const { test } = await this.members.lock(manager, slug);
      const days = this.terms.leaveNoticeDays;
      if (!test && departure.at.getTime() < this.now().getTime() + days * DAY_MS)
        throw new ApiProblem(
          'invalid',
          `at: must be at least ${days} days away; an admin may propose an earlier date, see POST /v1/networks/${slug}/leave/propose`,
        );
      await this.leaveIn(manager, by, slug, departure, reason);
      return this.members.lock(manager, slug);
    });
    await this.members.committed({ network: slug, action: 'leave' });
    return row;
  }

  /** Without the notice period: for a date that two admins and the network agree on. */
  async leaveIn(
    manager: EntityManager,
    by: ApiKeyRow,
    slug: string,
    { at, notice }: Departure,
    reason: string,
  ): Promise<void> {
    if (at <= this.now())
      throw new ApiProblem('invalid', 'at: must be in the future, so that people can be told before');
    const { status } = await this.members.lock(manager, slug);
    if (status === 'leaving')
      throw new ApiProblem('conflict', `${slug} is leaving already: withdraw that first`);
    await this.members.moveIn(manager, by, slug, 'leave', reason, at);
    await this.rows.announce(manager, slug, at, notice, by.id, this.now());
  }

  /** By its operator, until the date. People who were told of the departure are told of its withdrawal. */
  async stay(by: ApiKeyRow, slug: string, reason: string): Promise<NetworkRow> {
    const row = await this.database.transaction(async (manager) => {
      const { leavesAt } = await this.members.lock(manager, slug);
      if (leavesAt && leavesAt <= this.now())
        throw new ApiProblem('conflict', `${slug} left at ${leavesAt.toISOString()}`);
      const network = await this.members.moveIn(manager, by, slug, 'stay', reason);
      await this.rows.withdraw(manager, slug, this.now());
      return network;
    });
    await this.members.committed({ network: slug, action: 'stay' });
    return row;
  }

  async show(slug: string): Promise<DepartureView> {
    return departureView(await this.current(this.database.manager, slug));
  }

  /** By an admin: a text that is rejected is not sent, and people are told the date only. */
  decideNotice(
    by: ApiKeyRow | 'hub',
    slug: string,
    state: 'approved' | 'rejected',
    reason: string,
  ): Promise<DepartureView> {
    return this.database.transaction(async (manager) => {
      await this.members.lock(manager, slug);
      const departure = await this.current(manager, slug);
      if (departure.notice_state !== 'pending')
        throw new ApiProblem('conflict', `its text is ${departure.notice_state} already`);
      await this.rows.setNotice(manager, departure.id, state);
      const sent = state === 'approved' ? 'people are told it now' : 'people are told the date only';
      await this.news.tell(
        manager,
        slug,
        slug,
        `The text of your departure is ${state}, ${sent}: ${reason}.`,
      );
      await this.audit.record(manager, {
        by,
        action: `network.leave notice ${state}`,
        subject: `network/${slug}`,
        reason,
        change: { notice: departure.notice },
      });
      return departureView({ ...departure, notice_state: state });
    });
  }

  /** Of a departure that is near, half the time that there is. */
  async rejectUndecided(): Promise<void> {
    for (const { network, announced_at: announced, leaves_at: leaves } of await this.rows.pending(
      this.now(),
    )) {
      const within = Math.min(DECIDE_WITHIN_MS, (leaves.getTime() - announced.getTime()) / 2);
      if (this.now().getTime() >= announced.getTime() + within)
        await this.decideNotice('hub', network, 'rejected', 'no admin decided about it in time');
    }
  }

  private async current(manager: EntityManager, slug: string): Promise<DepartureRow> {
    const row = await this.rows.current(manager, slug, this.now());
    if (!row) throw new ApiProblem('not-found', `${slug} does not leave`);
    return row;
  }
}
