/**
 * Reads what networks publish: one consumer for the events and one for the outcomes of each network, so that what one
 * network has piled up delays nobody else. Networks that join while the switch runs are read as soon as the registry
 * names them.
 */
import {
  LaneConsumer,
  switchEventsConsumer,
  switchOutcomesConsumer,
  type BusConnection,
  type LaneReader,
} from '#bus';
import { HUB, inStream, STREAMS, type Network } from '#protocol';
import { runInBackground } from '#service';
import type { RegistryView } from './registry-view.js';

/** Messages of one network on their way to the switch at once. */
const WINDOW = 250;

export interface Readers {
  events(network: Network): LaneReader;
  outcomes(network: Network): LaneReader;
}

export class NetworkLanes {
  private readonly lanes = new Map<string, Promise<LaneConsumer>>();
  private readonly started: LaneConsumer[] = [];
  private stopping = false;

  private constructor(
    private readonly link: BusConnection,
    private readonly readers: Readers,
  ) {}

  /** Resolves when all networks that the registry names now are read. */
  static async on(link: BusConnection, registry: RegistryView, readers: Readers): Promise<NetworkLanes> {
    const lanes = new NetworkLanes(link, readers);
    await lanes.read(STREAMS.report, switchOutcomesConsumer(HUB).durable_name, () => readers.outcomes(HUB));
    registry.onChange(() => runInBackground('read networks', link.log, () => lanes.readAll(registry)));
    await lanes.readAll(registry);
    return lanes;
  }

  /** Every consumer that is read exists on the bus. */
  get areThere(): boolean {
    return this.started.every(({ isThere }) => isThere);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes.values());
    await Promise.all(this.started.map((lane) => lane.stop()));
  }

  private async readAll(registry: RegistryView): Promise<void> {
    const networks = [...registry.current.members.keys()];
    await Promise.all(
      networks.flatMap((network) => [
        this.read(inStream(network), switchEventsConsumer(network).durable_name, () =>
          this.readers.events(network),
        ),
        this.read(STREAMS.report, switchOutcomesConsumer(network).durable_name, () =>
          this.readers.outcomes(network),
        ),
      ]),
    );
  }

  private async read(stream: string, durable: string, reader: () => LaneReader): Promise<void> {
    const key = `${stream} ${durable}`;
    if (this.stopping || this.lanes.has(key)) return;
    const lane = LaneConsumer.on(this.link, { stream, durable, window: WINDOW }, reader());
    this.lanes.set(key, lane);
    this.started.push(await lane);
  }
}
