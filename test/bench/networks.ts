/** (d) Prosody -> adapter -> switch -> adapter -> Synapse and back, beside what each server alone does in the same run. */
import type { Phone } from '#phones';
import { StandaloneFixture } from '../support/standalone-fixture.js';
import { latencies, type Row } from './measure.js';

interface Load {
  name: string;
  count: number;
  rate: number;
}
const LOADS: Load[] = [
  { name: '10/s', count: 100, rate: 10 },
  { name: '30/s', count: 300, rate: 30 },
  { name: 'burst of 1,000', count: 1000, rate: 0 },
];
const PATIENCE_MS = 180_000;

interface Way {
  what: string;
  from: Phone;
  to: Phone;
  /** How the sender writes to the receiver. */
  peer: string;
  /** A person's Matrix client sends one after the other; an XMPP client just writes. */
  sequential: boolean;
}

export async function networksBench(note: (text: string) => void): Promise<Row[]> {
  const whole = await StandaloneFixture.open();
  const [alice, amy] = [await whole.xmppPhone(0), await whole.xmppPhone(1)];
  const [bob, ben] = [await whole.matrixPhone(0), await whole.matrixPhone(1)];
  const ways: Way[] = [
    { what: 'Prosody alone: XMPP to XMPP', from: alice, to: amy, peer: amy.native, sequential: false },
    { what: 'Synapse alone: Matrix to Matrix', from: bob, to: ben, peer: ben.native, sequential: true },
    { what: 'through us: XMPP to Matrix', from: alice, to: bob, peer: whole.inXmpp(), sequential: false },
    { what: 'through us: Matrix to XMPP', from: bob, to: alice, peer: whole.inMatrix(), sequential: true },
  ];
  const rows: Row[] = [];
  try {
    for (const way of ways) {
      await exchange(way, { name: 'warm-up', count: 3, rate: 5 });
      for (const load of LOADS) {
        const row = { part: 'networks', what: `${way.what}, ${load.name}`, ...(await exchange(way, load)) };
        note(JSON.stringify(row));
        rows.push(row);
      }
    }
  } finally {
    for (const phone of [alice, amy, bob, ben]) await phone.hangUp();
    await whole.close();
  }
  return rows;
}

async function exchange(
  { from, to, peer, sequential }: Way,
  { count, rate }: Load,
): Promise<Record<string, number>> {
  const run = `run${Date.now()}`;
  const sentAt: number[] = [];
  const arrivedAt = new Map<number, number>();
  const order: number[] = [];
  const before = to.timeline.length;
  let scanned = before;
  const scan = () => {
    for (; scanned < to.timeline.length; scanned++) {
      const { kind, text } = to.timeline[scanned] ?? { kind: 'presence' };
      if (kind !== 'text' || !text?.startsWith(run)) continue;
      const index = Number(text.split(' ')[1]);
      arrivedAt.set(index, performance.now());
      order.push(index);
    }
  };
  const timer = setInterval(scan, 2);
  const start = performance.now();
  const pending: Promise<unknown>[] = [];
  for (let index = 0; index < count; index++) {
    const due = rate === 0 ? 0 : start + (index * 1000) / rate - performance.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    sentAt[index] = performance.now();
    const sending = from.write(peer, `${run} ${index}`);
    if (sequential) await sending;
    else pending.push(sending);
  }
  await Promise.all(pending);
  const deadline = performance.now() + PATIENCE_MS;
  while (arrivedAt.size < count && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(timer);
  scan();
  const took = [...arrivedAt].map(([index, at]) => at - (sentAt[index] ?? at));
  const outOfOrder = order.filter((index, at) => at > 0 && index < (order[at - 1] ?? 0)).length;
  const seconds = (Math.max(...arrivedAt.values()) - start) / 1000;
  return {
    delivered: arrivedAt.size,
    lost: count - arrivedAt.size,
    doubled: order.length - arrivedAt.size,
    outOfOrder,
    perSecond: Math.round(arrivedAt.size / seconds),
    ...latencies(took),
  };
}
