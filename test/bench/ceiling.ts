/** (a) The raw ceiling: publish -> stream -> consume -> publish -> stream -> consume, one process, nothing read. */
import { AckPolicy, StorageType } from '@nats-io/jetstream';
import type { OrderedPublisher } from '#bus';
import type { HubFixture } from '../support/hub-fixture.js';
import { anEvent, latencies, offer } from './measure.js';

export interface Throughput {
  perSecond: number;
}
export interface Latency {
  p50: number;
  p99: number;
}

export class RawCeiling {
  private onEnd: (index: number) => void = () => undefined;

  private constructor(private readonly hub: HubFixture) {}

  /** Streams and readers stay for all runs: deleting a stream keeps the server's disk busy for seconds. */
  static async open(hub: HubFixture): Promise<RawCeiling> {
    const session = hub.link.session;
    if (!session) throw new Error('no bus');
    const raw = new RawCeiling(hub);
    const { jsm, js } = session;
    for (const name of ['one', 'two']) {
      await jsm.streams.add({
        name: `BENCH_${name}`,
        subjects: [`bench.${name}.>`],
        storage: StorageType.File,
        duplicate_window: 120e9,
        allow_atomic: true,
      });
      await jsm.consumers.add(`BENCH_${name}`, {
        durable_name: 'c',
        ack_policy: AckPolicy.Explicit,
        max_ack_pending: 2000,
      });
    }
    await (
      await js.consumers.get('BENCH_one', 'c')
    ).consume({
      max_messages: 500,
      callback: (message) => {
        const id = message.subject.slice('bench.one.'.length);
        void hub.publisher.publish(`bench.two.${id}`, message.data, `two-${id}`).then(() => message.ack());
      },
    });
    await (
      await js.consumers.get('BENCH_two', 'c')
    ).consume({
      max_messages: 500,
      callback: (message) => {
        message.ack();
        raw.onEnd(Number(message.subject.split('.')[3]));
      },
    });
    return raw;
  }

  async run(count: number, rate: number): Promise<Throughput & Latency> {
    const run = `raw${Date.now()}`;
    const sentAt = new Float64Array(count);
    const took: number[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    this.onEnd = (index) => {
      took.push(performance.now() - (sentAt[index] ?? 0));
      if (took.length === count) finish();
    };
    // Making the payload is not what is measured: one for all, of the right size.
    const { bytes } = anEvent(run, count);
    const start = performance.now();
    const send = (index: number) => {
      sentAt[index] = performance.now();
      void this.hub.publisher.publish(`bench.one.${run}.${index}`, bytes, `one-${run}-${index}`);
    };
    await offer(count, rate, send, notFull(this.hub.publisher));
    await finished;
    return { perSecond: Math.round(count / ((performance.now() - start) / 1000)), ...latencies(took) };
  }
}

export function notFull(publisher: OrderedPublisher): () => boolean {
  return () => publisher.backlog > 1500;
}
