/** Departures: notice period, withdrawal until the date, and the text to people, which an admin approves. */
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
  /** Text of the network to people, which is added to the date. */
  notice: string | undefined;
}

const DAY_MS = 24 * 3600_000;
/** Time after which a text without a decision of an admin is dropped, and notices contain the date only. */
const DECIDE_WITHIN_MS = 3 * DAY_MS;

@Injectable()
export class DeparturesService {
  constructor(
    private readonly database: DataSource,
    private readonly members: MembersService,
    private readonly rows: DeparturesRepository,
    private readonly news: MembershipNews,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(MEMBERSHIP_TERMS) private readonly terms: MembershipTerms,
  ) {}

  /** Announces a departure, for the operator. @throws ApiProblem invalid if the date is within the notice period */
  async leave(by: ApiKeyRow, slug: string, departure: Departure, reason: string): Promise<NetworkRow> {
    const row = await this.database.transaction(async (manager) => {
      const { test } = await this.members.lock(manager, slug);
      const days = this.terms.leaveNoticeDays;
      if (!test && departure.at.getTime() < this.now().getTime() + days * DAY_MS)
        throw new ApiProblem(
          'invalid',
          `at: must be at least ${days} days away; an admin can propose an earlier date with POST /v1/networks/${slug}/leave/propose`,
        );
      await this.leaveIn(manager, by, slug, departure, reason);
      return this.members.lock(manager, slug);
    });
    await this.members.committed({ network: slug, action: 'leave' });
    return row;
  }

  /** Announces a departure without the notice period, for a date that two admins and the network agree on. */
  async leaveIn(
    manager: EntityManager,
    by: ApiKeyRow,
    slug: string,
    { at, notice }: Departure,
    reason: string,
  ): Promise<void> {
    if (at <= this.now())
      throw new ApiProblem('invalid', 'at: must be in the future, so that people can be notified before');
    const { status } = await this.members.lock(manager, slug);
    if (status === 'leaving')
      throw new ApiProblem('conflict', `${slug} is leaving already: withdraw that first`);
    await this.members.moveIn(manager, by, slug, 'leave', reason, at);
    await this.rows.announce(manager, slug, at, notice, by.id, this.now());
  }

  /** Withdraws a departure until its date, for the operator. People who were notified of it are notified of the withdrawal. */
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

  /** Decision of an admin about the text. With a rejected text, notices contain the date only. */
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
        throw new ApiProblem('conflict', `the text of the departure is ${departure.notice_state} already`);
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

  /** For a departure that is near: half of the remaining time. */
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
    if (!row) throw new ApiProblem('not-found', `${slug} has announced no departure`);
    return row;
  }
}
