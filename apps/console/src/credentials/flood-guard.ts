/**
 * Disconnects a network for some time when it publishes more than its limit. nats-server limits connections, subscriptions and sizes
 * but no rates; without this, a flood would delay other networks. Messages that the network published before are processed.
 */
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isReserved, network as networkSlug, type Network } from '#protocol';
import { metrics, PeriodicTask } from '#service';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleBus } from '../core/console-bus.js';
import { AccountPublisher } from './account-publisher.js';
import { PausesRepository } from './pauses.repository.js';
import { TrafficMeter, type Excess } from './traffic-meter.js';
import { networkExists } from '../networks/network-slugs.repository.js';

/** Milliseconds between two measurements. A flood is detected after two. */
const MEASURE_EVERY_MS = 250;
/** Milliseconds between two searches for ended pauses. The shortest pause is 30 s. */
const RELEASE_EVERY_MS = 1000;

@Injectable()
export class FloodGuard implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly rounds: PeriodicTask[] = [];
  private meter: TrafficMeter | undefined;
  /** End of the last pause after which networks were connected again, ms since 1970. */
  private readonly released = new Map<string, number>();

  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly audit: AuditService,
    private readonly announcements: AnnouncementsRepository,
    private readonly pauses: PausesRepository,
    private readonly accounts: AccountPublisher,
  ) {}

  onApplicationBootstrap(): void {
    this.meter = new TrafficMeter(this.bus.networkLimits);
    const { log } = this.bus.link;
    this.rounds.push(
      new PeriodicTask(MEASURE_EVERY_MS, () => this.measure(), 'metering of traffic', log),
      new PeriodicTask(RELEASE_EVERY_MS, () => this.release(), 'end of pauses of networks', log),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.rounds.map((round) => round.stop()));
  }

  private async measure(): Promise<void> {
    const traffic = await this.bus.accounts.traffic();
    if (traffic === undefined || !this.meter) return;
    for (const excess of this.meter.measure(traffic, Date.now())) await this.pause(excess);
  }

  private async pause({ account, messagesPerSecond, bytesPerSecond }: Excess): Promise<void> {
    // The name of an account is the slug of its network. Accounts of the hub are never paused.
    const network = await this.networkNamed(account);
    if (network === undefined) return;
    const rate = `${Math.round(messagesPerSecond)} messages and ${Math.round(bytesPerSecond / 1e6)} MB per second`;
    const begun = await this.database.transaction(async (manager) => {
      const pause = await this.pauses.begin(manager, network, rate);
      if (!pause) return false;
      const until = pause.until.toISOString();
      await this.audit.record(manager, {
        by: 'hub',
        action: 'network.paused',
        subject: `network/${network}`,
        reason: `flood: ${rate}`,
        change: { until, times: pause.times },
      });
      await this.announcements.announce(manager, {
        network,
        kind: 'membership',
        subject: `network/${network}`,
        words: `Your adapter published ${rate} and is kept off the bus until ${until}. What it published before is processed. Slow it down; each further flood within a day doubles the pause, up to an hour.`,
      });
      return true;
    });
    if (!begun) return;
    metrics.networksPaused.inc({ network });
    this.bus.link.log.warn({ network, rate }, 'network disconnected: it publishes more than its limit');
    await this.accounts.publish(network);
  }

  private async release(): Promise<void> {
    for (const { network, until } of await this.pauses.ended()) {
      if (this.released.get(network) === until.getTime()) continue;
      await this.accounts.publish(networkSlug(network));
      this.released.set(network, until.getTime());
    }
  }

  private async networkNamed(account: string): Promise<Network | undefined> {
    const exists = await networkExists(this.database, account);
    return exists && !isReserved(networkSlug(account)) ? networkSlug(account) : undefined;
  }
}
