/**
 * Reads what networks publish: one consumer for the events and one for the outcomes of each network, so that the backlog
 * of one network delays no other. A network that joins while the switch runs is read as soon as the registry names it.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  BusConnection,
  LaneConsumer,
  switchEventsConsumer,
  switchOutcomesConsumer,
  type LaneReader,
} from '#bus';
import { HUB, inStream, STREAMS } from '#protocol';
import { LOG, runInBackground, settled, sleep, type Log } from '#service';
import { ConsentView } from '../registry/consent-view.js';
import { RegistryView } from '../registry/registry-view.js';
import { ReportWorker } from '../reports/report-worker.js';
import { LaneWorkers } from './lane-workers.js';

/** Messages of one network on their way to the switch at once. */
const WINDOW = 250;
/** Interval at which it is checked whether registry and consents have been read. */
const LOOK_MS = 20;
const TASK = 'read networks';

@Injectable()
export class NetworkLanes implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly lanes = new Map<string, Promise<LaneConsumer>>();
  private readonly started: LaneConsumer[] = [];
  private readonly stopping = new AbortController();
  /** The networks that the registry named at the start are read. */
  private reading = false;
  private beginning: Promise<void> = Promise.resolve();

  constructor(
    private readonly link: BusConnection,
    private readonly registry: RegistryView,
    private readonly consents: ConsentView,
    private readonly events: LaneWorkers,
    private readonly outcomes: ReportWorker,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Does not wait for the console: health must say meanwhile what is missing. */
  onApplicationBootstrap(): void {
    runInBackground(TASK, this.log, () => (this.beginning = this.begin()));
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await settled(this.beginning);
    await Promise.all(this.lanes.values());
    await Promise.all(this.started.map((lane) => lane.stop()));
  }

  /** All networks are read, and every consumer exists on the bus. */
  get areThere(): boolean {
    return this.reading && this.started.every(({ isThere }) => isThere);
  }

  /** Until registry and consents are known, an event could only be redelivered, and the next of its conversation would overtake it. */
  private async begin(): Promise<void> {
    while (!this.registry.known || !this.consents.known) {
      if (this.stopping.signal.aborted) return;
      await sleep(LOOK_MS, this.stopping.signal);
    }
    await this.read(STREAMS.report, switchOutcomesConsumer(HUB).durable_name, () => this.outcomes);
    this.registry.onChange(() => runInBackground(TASK, this.log, () => this.readAll()));
    await this.readAll();
    this.reading = true;
    this.log.info({ consumers: this.started.length }, 'networks are read');
  }

  private async readAll(): Promise<void> {
    const networks = [...this.registry.current.members.keys()];
    await Promise.all(
      networks.flatMap((network) => [
        this.read(inStream(network), switchEventsConsumer(network).durable_name, () => this.events.create()),
        this.read(STREAMS.report, switchOutcomesConsumer(network).durable_name, () => this.outcomes),
      ]),
    );
  }

  private async read(stream: string, durable: string, reader: () => LaneReader): Promise<void> {
    const key = `${stream} ${durable}`;
    if (this.stopping.signal.aborted || this.lanes.has(key)) return;
    const lane = LaneConsumer.on(this.link, { stream, durable, window: WINDOW }, reader());
    this.lanes.set(key, lane);
    this.started.push(await lane);
  }
}
