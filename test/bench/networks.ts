/** (d) Server -> adapter -> switch -> adapter -> server, for all real servers, beside what each server alone does in the same run. */
import { writerOf, type NetworkManifest, type NetworkPart } from '#network-manifest';
import type { Phone } from '#phones';
import { NETWORKS } from '../../apps/standalone/src/networks.js';
import type { StandaloneFixture } from '../support/standalone-fixture.js';
import { latencies, type Row } from './measure.js';
import type { Measured } from './path.js';
import { scaled, type Scale } from './scale.js';

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
const WARM_UP: Load = { name: 'warm-up', count: 3, rate: 5 };
const PATIENCE_MS = 180_000;

interface Way {
  what: string;
  from: Phone;
  to: Phone;
  /** How the sender writes to the receiver. */
  peer: string;
  /** The client waits until a message is taken before it sends the next. */
  sequential: boolean;
}

/** Networks whose servers are real here: comparing with a simulator says nothing. */
export const REAL = NETWORKS.filter((one) => one.standalone?.open && writerOf(one));

/** Two people of one network. */
interface Two {
  slug: string;
  name: string;
  part: NetworkPart;
  phones: [Phone, Phone];
  sequential: boolean;
}

async function signIn(whole: StandaloneFixture, { slug, name, standalone }: NetworkManifest): Promise<Two> {
  const part = (whole.file.networks as Record<string, NetworkPart>)[slug];
  const person = standalone?.person;
  const [first, second] = part?.accounts ?? [];
  if (!part || !person || !first || !second) throw new Error(`${slug} has no two people here`);
  const phones = await Promise.all([first, second].map(async (account) => person.dial(part, account)));
  const [one, other] = phones.map(({ phone }) => phone);
  if (!one || !other) throw new Error(`${slug}: nobody signed in`);
  return { slug, name, part, phones: [one, other], sequential: person.writesInTurn ?? false };
}

function alone({ name, phones: [from, to], sequential }: Two): Way {
  return { what: `${name} alone`, from, to, peer: to.native, sequential };
}

/** From the first person of one network to the first of another. */
function throughUs(one: Two, other: Two): Way {
  const peer = one.part.ghostOf[other.part.accounts[0]?.address ?? ''] ?? '';
  const what = `through us: ${one.slug} to ${other.slug}`;
  return { what, from: one.phones[0], to: other.phones[0], peer, sequential: one.sequential };
}

/** @param whole with all real networks */
export async function networksBench(whole: StandaloneFixture, scale: Scale): Promise<Measured> {
  const networks = await Promise.all(REAL.map((network) => signIn(whole, network)));
  const ways = [
    ...networks.map(alone),
    ...networks.flatMap((one) => networks.flatMap((other) => (one === other ? [] : [throughUs(one, other)]))),
  ];
  const rows: Row[] = [];
  try {
    for (const way of ways) {
      await exchange(way, WARM_UP, scale);
      for (const load of LOADS) {
        const row = {
          part: 'networks',
          what: `${way.what}, ${load.name}`,
          ...(await exchange(way, load, scale)),
        };
        scale.note(JSON.stringify(row));
        rows.push(row);
      }
    }
  } finally {
    for (const { phones } of networks) for (const phone of phones) await phone.hangUp();
  }
  return { rows, figures: {} };
}

async function exchange(
  { from, to, peer, sequential }: Way,
  { count: full, rate }: Load,
  scale: Scale,
): Promise<Record<string, number>> {
  const count = scaled(full, scale);
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
