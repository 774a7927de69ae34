/**
 * Publishes the NATS accounts of networks as stored in the database: which networks may connect, which credentials are revoked. A
 * change is published again until the bus confirms it. Every new session of the bus starts with all accounts.
 */
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NetworkRow } from '#database';
import { network as networkSlug, type MemberState, type Network } from '#protocol';
import { PeriodicTask, tolerate } from '#service';
import { MembersService } from '../members/members.service.js';
import { ConsoleBus } from '../core/console-bus.js';
import { PausesRepository } from './pauses.repository.js';
import { CredentialsRepository } from './credentials.repository.js';

/** States of a network in which its adapter may connect to the bus. */
export const CONNECTED_STATES: readonly MemberState[] = ['approved', 'live', 'leaving'];

const RETRY_MS = 2000;

@Injectable()
export class AccountPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly unconfirmed = new Set<Network>();
  private retries: PeriodicTask | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly credentials: CredentialsRepository,
    private readonly pauses: PausesRepository,
    private readonly members: MembersService,
  ) {}

  onApplicationBootstrap(): void {
    // The connections of a suspended network are closed before the request is answered.
    this.members.onMove(({ network }) => this.publish(networkSlug(network)));
    const retry = () => this.publishUnconfirmed();
    this.retries = new PeriodicTask(RETRY_MS, retry, 'publication of bus accounts', this.bus.link.log);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.retries?.stop();
  }

  /**
   * Resolves when the bus has confirmed the present account of the database and has closed the connections that it does
   * not allow. If the bus does not confirm, logs an error and publishes the account again every 2 s.
   */
  async publish(network: Network): Promise<void> {
    this.unconfirmed.add(network);
    await tolerate('publish account', this.bus.link.log, () => this.publishNow(network));
  }

  private async publishNow(network: Network): Promise<void> {
    await this.database.transaction(async (manager) => {
      // Without the lock, a console with older data could publish last.
      await this.credentials.lock(manager, network);
      const row = await manager.findOneBy(NetworkRow, { slug: network });
      if (!row) return;
      const isPaused = await this.pauses.isPaused(manager, network);
      const isOpen = CONNECTED_STATES.includes(row.status) && !isPaused;
      const revoked = await this.credentials.revoked(manager, network);
      await this.bus.accounts.publish(network, { isOpen, revoked });
    });
    this.unconfirmed.delete(network);
  }

  /** If the bus refuses the account of one network, the others are published all the same. */
  private async publishUnconfirmed(): Promise<void> {
    for (const network of this.unconfirmed) await this.publish(network);
  }
}
