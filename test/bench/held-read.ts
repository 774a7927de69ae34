/**
 * One conversation waits for an answer of its network: how far does the p99 of the others move? The answer comes when all the
 * others have arrived, 10 s after the question in `npm run bench`.
 */
import type { TestAct } from '#adapter-contract';
import { median } from './by-turns.js';
import type { Exchange } from './exchange.js';
import { CONVERSATIONS, latencies, offer, round } from './measure.js';
import type { Measured } from './path.js';
import { scaled, type Scale } from './scale.js';

const PER_SECOND = 500;
const SECONDS = 10;
const ROUNDS = 3;
/** Number of the conversation that waits in every other run. */
const HELD = 0;
const SENDER = `n${HELD}`;

interface Arrival {
  person: number;
  ms: number;
}

export async function heldReadBench(exchange: Exchange, scale: Scale): Promise<Measured> {
  const count = Math.max(2 * CONVERSATIONS, scaled(PER_SECOND * SECONDS, scale));
  await run(exchange, count, false);
  const [calm, held]: [number[], number[]] = [[], []];
  const rounds = scale.share < 1 ? 1 : ROUNDS;
  for (let turn = 0; turn < rounds; turn++) {
    calm.push((await run(exchange, count, false)).p99);
    held.push((await run(exchange, count, true)).p99);
  }
  const [calmP99, heldP99] = [median(calm), median(held)];
  const ratio = round(heldP99 / calmP99);
  const of = `${CONVERSATIONS - 1} conversations at ${PER_SECOND} messages a second`;
  return {
    figures: { heldReadP99Ratio: ratio },
    rows: [
      { part: 'held', what: `${of}, none held`, p99: calmP99 },
      { part: 'held', what: `the same, while another waits for its network`, p99: heldP99, ratio },
    ],
  };
}

/** @returns the latencies of the others. @throws Error when a message of the held conversation arrives before the answer */
async function run(
  { north, south }: Exchange,
  count: number,
  holds: boolean,
): Promise<{ p50: number; p99: number }> {
  const name = `held${Date.now()}`;
  const sentAt = new Float64Array(count);
  const arrivals: Arrival[] = [];
  const others = Array.from({ length: count }, (_, index) => index % CONVERSATIONS).filter(
    (person) => person !== HELD,
  ).length;
  const [othersCame, allCame] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let othersArrived = 0;
  south.onAct = ({ kind, text }: TestAct) => {
    if (kind !== 'message' || !text?.startsWith(name)) return;
    const index = Number(text.split(' ')[1]);
    const person = index % CONVERSATIONS;
    arrivals.push({ person, ms: performance.now() - (sentAt[index] ?? 0) });
    if (person !== HELD && ++othersArrived === others) othersCame.resolve();
    if (arrivals.length === count) allCame.resolve();
  };
  const answer = holds ? north.hold(SENDER) : () => undefined;
  await offer(
    count,
    PER_SECOND,
    (index) => {
      sentAt[index] = performance.now();
      const person = index % CONVERSATIONS;
      north.act({
        kind: 'message',
        from: `n${person}`,
        to: `s${person}@south`,
        text: `${name} ${index}`,
        quiet: true,
        asks: person === HELD && index < CONVERSATIONS,
      });
    },
    () => false,
  );
  await othersCame.promise;
  const early = arrivals.filter(({ person }) => person === HELD).length;
  answer();
  if (holds && early > 0) throw new Error(`${early} messages arrived before their network had answered`);
  await allCame.promise;
  return latencies(arrivals.filter(({ person }) => person !== HELD).map(({ ms }) => ms));
}
