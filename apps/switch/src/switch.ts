/** The switch on the bus: events and outcomes of networks, signals, resolve. Any number of instances share the networks. */
import {
  Bucket,
  BusConnection,
  MediaGrants,
  OrderedPublisher,
  sharedSecret,
  StorageCheck,
  type BusTls,
  untilTopologyStands,
} from '#bus';
import { BUCKETS } from '#protocol';
import { sleep, type Log, type Readiness, type Refuse } from '#service';
import { AbsenceView } from './absences.js';
import { ConsentView } from './consent-view.js';
import { Directory } from './directory.js';
import { ExpirySweeper } from './expiry-sweeper.js';
import type { Knowledge } from './knowledge.js';
import { LaneWorker } from './lane-worker.js';
import type { HouseRules } from './limits/limit-rules.js';
import { SenderLimits } from './limits/limits.js';
import { NetworkLanes } from './network-lanes.js';
import { MediaService } from './media-service.js';
import { serveLinks, type LinkOptions } from './link-service.js';
import { RegistryView } from './registry-view.js';
import { ReportWorker } from './report-worker.js';
import { serveResolve } from './resolve-service.js';
import { SignalWorker } from './signal-worker.js';

export interface SwitchOptions {
  natsUrl: string;
  creds?: string | undefined;
  tls?: BusTls | undefined;
  /** Run on a nats-server that acknowledges before it writes. */
  unsafeBus: boolean;
  onRefusal: Refuse;
  /** How many numbers one network may look up. */
  numbersPerMinute: number;
  links: LinkOptions;
  expirySweepMs: number;
  rules: HouseRules;
}

export class Switch implements Readiness {
  private constructor(
    private readonly link: BusConnection,
    private readonly publisher: OrderedPublisher,
    private readonly knowledge: Knowledge,
    private readonly lanes: NetworkLanes,
    private readonly absences: AbsenceView,
    private readonly sweeper: ExpirySweeper,
  ) {}

  static async start(options: SwitchOptions, log: Log): Promise<Switch> {
    const { natsUrl: url, creds, tls, onRefusal } = options;
    const link = await BusConnection.open({ url, creds, tls, name: 'switch', onRefusal }, log);
    await StorageCheck.on(link, options.unsafeBus);
    await link.onSession((session) => untilTopologyStands(session, log));
    const publisher = await OrderedPublisher.on(link);
    const secret = await sharedSecret(new Bucket(link, publisher, BUCKETS.registry));
    publisher.sealIds(secret);
    const grants = new MediaGrants(secret);
    const registry = await RegistryView.watch(link, publisher, log);
    const consents = await ConsentView.watch(link, publisher, log, registry);
    const directory = await Directory.on(link);
    const absences = await AbsenceView.watch(link, publisher, log);
    const knowledge = { registry, consents, directory, absences };
    await SignalWorker.on(link, publisher, knowledge, log);
    await serveResolve(link, knowledge, grants, options.numbersPerMinute);
    await serveLinks(link, publisher, registry, grants, options.links);
    await MediaService.on(link, registry, grants);
    const limits = new SenderLimits(options.rules);
    // A message put back until all is known would be overtaken by the next one of its conversation.
    while (!registry.known || !consents.known) await sleep(20);
    const lanes = await NetworkLanes.on(link, registry, {
      events: () => new LaneWorker(knowledge, limits, publisher, grants, log),
      outcomes: () => new ReportWorker(registry, publisher, log),
    });
    const sweeper = new ExpirySweeper(link, publisher, absences, options.expirySweepMs, log);
    return new Switch(link, publisher, knowledge, lanes, absences, sweeper);
  }

  check(): Record<string, boolean> {
    return {
      bus: this.link.connected,
      consumers: this.lanes.areThere,
      registry: this.knowledge.registry.known && this.knowledge.consents.known,
    };
  }

  async stop(): Promise<void> {
    this.absences.stop();
    await this.sweeper.stop();
    await this.lanes.stop();
    await this.publisher.drained();
    this.publisher.close();
    await this.link.close();
  }
}
