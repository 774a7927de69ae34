/** (b) The same with the switch, a process of its own, in the middle: parsed, decided, addressed, stored. */
import { laneOf, STREAMS, subjects, consumers } from '#protocol';
import { CONSUMER_GROUP } from '#bus';
import type { HubFixture } from '../support/hub-fixture.js';
import { notFull, type Latency, type Throughput } from './ceiling.js';
import { anEvent, latencies, NORTH, offer, SOUTH } from './measure.js';

export async function throughSwitch(hub: HubFixture, count: number, rate: number): Promise<Throughput & Latency> {
  const session = hub.link.session;
  if (!session) throw new Error('no bus');
  const run = `sw${Date.now()}`;
  const events = Array.from({ length: count }, (_, index) => anEvent(run, index));
  const numberOf = new Map(events.map(({ id }, index) => [id, index]));
  const sentAt = new Float64Array(count);
  const took: number[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const end = await (await session.js.consumers.get(STREAMS.out, consumers.adapter(SOUTH))).consume({
    max_messages: 500,
    group: CONSUMER_GROUP,
    callback: (message) => {
      message.ack();
      const index = numberOf.get(message.json<{ id: string }>().id);
      if (index === undefined) return;
      took.push(performance.now() - (sentAt[index] ?? 0));
      if (took.length === count) finish();
    },
  });
  const start = performance.now();
  await offer(count, rate, (index) => {
    const { id, conversation, json } = events[index] as (typeof events)[number];
    sentAt[index] = performance.now();
    void hub.publisher.publish(subjects.in(NORTH, laneOf(conversation)), json, id);
  }, notFull(hub.publisher));
  await finished;
  const seconds = (performance.now() - start) / 1000;
  await end.close();
  return { perSecond: Math.round(count / seconds), ...latencies(took) };
}
