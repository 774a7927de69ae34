/**
 * Keeps the accounts on the bus as the database says: which networks may connect, which credentials are revoked. A change
 * that the bus does not confirm is published again until the bus confirms it; every session of the bus begins with all.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NetworkRow } from '#database';
import { network as networkSlug, type MemberState, type Network } from '#protocol';
import { PeriodicTask, tolerate } from '#service';
import { MembersService } from '../members/members.service.js';
import { ConsoleBus } from '../core/console-bus.js';
import { PausesRepository } from './pauses.repository.js';
import { CredentialsRepository } from './credentials.repository.js';

/** States in which an adapter may be connected to the bus. */
export const CONNECTED_STATES: readonly MemberState[] = ['approved', 'live', 'leaving'];

const RETRY_MS = 2000;

@Injectable()
export class AccountPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly unconfirmed = new Set<Network>();
  private retries: PeriodicTask | undefined;

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(PausesRepository) private readonly pauses: PausesRepository,
    @Inject(MembersService) private readonly members: MembersService,
  ) {}

  onApplicationBootstrap(): void {
    // A suspended network's connections are cut before the move is answered.
    this.members.onMove(({ network }) => this.publish(networkSlug(network)));
    const retry = () => this.publishUnconfirmed();
    this.retries = new PeriodicTask(RETRY_MS, retry, 'accounts published', this.bus.link.log);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.retries?.stop();
  }

  /**
   * Resolves when the bus has confirmed the account as it is in the database now, and has cut the connections that it does
   * not allow. Where the bus does not confirm, an error is logged and the account is published again every two seconds.
   */
  async publish(network: Network): Promise<void> {
    this.unconfirmed.add(network);
    await tolerate('publish account', this.bus.link.log, () => this.publishNow(network));
  }

  private async publishNow(network: Network): Promise<void> {
    await this.database.transaction(async (manager) => {
      // Otherwise a console with an older view of the database could be the last to publish.
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

  /** One network whose account the bus refuses does not keep the others from being published. */
  private async publishUnconfirmed(): Promise<void> {
    for (const network of this.unconfirmed) await this.publish(network);
  }
}
