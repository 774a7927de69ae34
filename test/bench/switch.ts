/** (b) The same with the switch, a process of its own, in the middle: parsed, decided, addressed, stored. */
import { consumers, laneOf, STREAMS, subjects } from '#protocol';
import { CONSUMER_GROUP, PULL_MS } from '#bus';
import type { HubFixture } from '../support/hub-fixture.js';
import { notFull, type Latency, type Throughput } from './ceiling.js';
import { anEvent, EAST, latencies, offer, WEST } from './measure.js';

export class ThroughSwitch {
  private onEvent: (id: string) => void = () => undefined;

  private constructor(private readonly hub: HubFixture) {}

  /** One reader for all runs: a new one would first wait for the server to hand the consumer over. */
  static async open(hub: HubFixture): Promise<ThroughSwitch> {
    const through = new ThroughSwitch(hub);
    const consumer = await hub.link.session?.js.consumers.get(STREAMS.out, consumers.adapter(WEST));
    await consumer?.consume({
      max_messages: 500,
      group: CONSUMER_GROUP,
      expires: PULL_MS,
      callback: (message) => {
        message.ack();
        through.onEvent(message.json<{ id: string }>().id);
      },
    });
    return through;
  }

  async run(count: number, rate: number): Promise<Throughput & Latency> {
    const run = `sw${Date.now()}`;
    const events = Array.from({ length: count }, (_, index) => anEvent(run, index));
    const numberOf = new Map(events.map(({ id }, index) => [id, index]));
    const sentAt = new Float64Array(count);
    const took: number[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    this.onEvent = (id) => {
      const index = numberOf.get(id);
      if (index === undefined) return;
      took.push(performance.now() - (sentAt[index] ?? 0));
      if (took.length === count) finish();
    };
    const start = performance.now();
    const send = (index: number) => {
      const { id, conversation, bytes } = events[index] as (typeof events)[number];
      sentAt[index] = performance.now();
      void this.hub.publisher.publish(subjects.in(EAST, laneOf(conversation)), bytes, id);
    };
    await offer(count, rate, send, notFull(this.hub.publisher));
    await finished;
    return { perSecond: Math.round(count / ((performance.now() - start) / 1000)), ...latencies(took) };
  }
}
