/** Changes states of networks. Every change is audited, announced, and published for the switch. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NetworkRow, type ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { RegistryService } from '../registry/registry.service.js';
import { moved, type MemberAction } from './membership.js';
import { MembershipNews } from './membership-news.js';
import { SuspensionsRepository } from './suspensions.repository.js';

/** A committed change of the state of a network. */
export interface Move {
  network: string;
  action: MemberAction;
}

/** Runs after the commit. Errors of a listener reach the caller; the change stays. */
export type MoveListener = (move: Move) => Promise<void> | void;

@Injectable()
export class MembersService {
  private readonly listeners: MoveListener[] = [];

  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    private readonly registry: RegistryService,
    private readonly news: MembershipNews,
    private readonly suspensions: SuspensionsRepository,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  onMove(listener: MoveListener): void {
    this.listeners.push(listener);
  }

  async move(by: ApiKeyRow | 'hub', slug: string, action: MemberAction, reason: string): Promise<NetworkRow> {
    const row = await this.database.transaction((manager) => this.moveIn(manager, by, slug, action, reason));
    await this.committed({ network: slug, action });
    return row;
  }

  /**
   * Changes the state of a network; no other code does. Call `committed` after the commit.
   * @param leavesAt for `leave`
   */
  async moveIn(
    manager: EntityManager,
    by: ApiKeyRow | 'hub',
    slug: string,
    action: MemberAction,
    reason: string,
    leavesAt?: Date,
  ): Promise<NetworkRow> {
    const network = await this.lock(manager, slug);
    const before = network.status;
    network.status = moved(before, action);
    if (action === 'leave') network.leavesAt = leavesAt ?? null;
    if (action === 'stay' || action === 'remove') network.leavesAt = null;
    // A suspension does not cancel a departure.
    if (action === 'enable' && network.leavesAt) network.status = 'leaving';
    network.version += 1;
    await manager.getRepository(NetworkRow).save(network);
    await this.registry.changed(manager, { member: slug });
    if (before === 'suspended' && network.status !== 'suspended')
      await this.suspensions.end(manager, slug, this.now());
    await this.news.moved(manager, network, action, reason);
    await this.audit.record(manager, {
      by,
      action: `network.${action}`,
      subject: `network/${slug}`,
      reason,
      change: { from: before, to: network.status, leavesAt: network.leavesAt },
    });
    return network;
  }

  /** Locks the network with the weakest lock that excludes other changes of its state, so that announcements do not wait. @throws ApiProblem not-found */
  async lock(manager: EntityManager, slug: string): Promise<NetworkRow> {
    const rows = manager.getRepository(NetworkRow);
    const network = await rows.findOne({ where: { slug }, lock: { mode: 'for_no_key_update' } });
    if (!network) throw new ApiProblem('not-found', `no network ${slug}`);
    return network;
  }

  /** Publishes the change and calls the listeners concurrently. */
  async committed(move: Move): Promise<void> {
    await Promise.all([this.registry.settled(), ...this.listeners.map((listener) => listener(move))]);
  }
}
