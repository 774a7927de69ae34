/** (a) The raw ceiling: publish -> stream -> consume -> publish -> stream -> consume, one process, nothing read. */
import { AckPolicy, StorageType } from '@nats-io/jetstream';
import type { OrderedPublisher } from '#bus';
import type { HubFixture } from '../support/hub-fixture.js';
import { anEvent, latencies, offer, round } from './measure.js';

export interface Throughput {
  perSecond: number;
}
export interface Latency {
  p50: number;
  p99: number;
}

export async function rawCeiling(hub: HubFixture, count: number, rate: number): Promise<Throughput & Latency> {
  const session = hub.link.session;
  if (!session) throw new Error('no bus');
  const { jsm, js } = session;
  const run = `raw${Date.now()}`;
  for (const [name, subject] of [
    ['BENCH_ONE', 'bench.one.>'],
    ['BENCH_TWO', 'bench.two.>'],
  ] as const) {
    await jsm.streams.delete(name).catch(() => false);
    await jsm.streams.add({ name, subjects: [subject], storage: StorageType.File, duplicate_window: 120e9 });
    await jsm.consumers.add(name, { durable_name: 'c', ack_policy: AckPolicy.Explicit, max_ack_pending: 2000 });
  }
  const sentAt = new Float64Array(count);
  const took: number[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const middle = await (await js.consumers.get('BENCH_ONE', 'c')).consume({
    max_messages: 500,
    callback: (message) => {
      const id = message.subject.slice('bench.one.'.length);
      void hub.publisher.publish(`bench.two.${id}`, message.string(), `two-${run}-${id}`).then(() => message.ack());
    },
  });
  const end = await (await js.consumers.get('BENCH_TWO', 'c')).consume({
    max_messages: 500,
    callback: (message) => {
      message.ack();
      took.push(performance.now() - (sentAt[Number(message.subject.slice('bench.two.'.length))] ?? 0));
      if (took.length === count) finish();
    },
  });
  const payloads = prepared(run, count);
  const start = performance.now();
  await offer(count, rate, (index) => {
    sentAt[index] = performance.now();
    void hub.publisher.publish(`bench.one.${index}`, payloads(index), `one-${run}-${index}`);
  }, notFull(hub.publisher));
  await finished;
  const seconds = (performance.now() - start) / 1000;
  await middle.close();
  await end.close();
  for (const name of ['BENCH_ONE', 'BENCH_TWO']) await jsm.streams.delete(name);
  return { perSecond: Math.round(count / seconds), ...latencies(took) };
}

/** Making the payload is not what is measured: one for all, of the right size. */
function prepared(run: string, count: number): (index: number) => string {
  const { json } = anEvent(run, count);
  return () => json;
}

export function notFull(publisher: OrderedPublisher): () => boolean {
  return () => publisher.backlog > 1500;
}

export function added(with_: Latency, without: Latency): { addedP50Ms: number; addedP99Ms: number } {
  return { addedP50Ms: round(with_.p50 - without.p50), addedP99Ms: round(with_.p99 - without.p99) };
}
