/** The best comparison on a noisy machine: two loads by turns, and the median of each. */
import type { Latency, Throughput } from './ceiling.js';
import { cpuOfStarted } from './cpu.js';
import { round } from './measure.js';
import { scaled, type Scale } from './scale.js';

const WARM_UP = 3000;
const MANY = 30_000;
const STEADY = 10_000;
const STEADY_RATE = 1000;
const ROUNDS = 3;

/** Offers `count` messages at `rate` a second (0: full load), and resolves when what they cause has been done. */
export type Load = (count: number, rate: number) => Promise<Throughput & Latency>;

export interface Summary {
  [figure: string]: number;
  /** At full load. */
  perSecond: number;
  /** At 1,000 a second, ms. */
  p50: number;
  p99: number;
  /** CPU time of all processes that the bench started, for one message, us: at full load, and at 1,000 a second. */
  cpuUs: number;
  steadyCpuUs: number;
}

type Run = Throughput & Latency & { cpuUs: number };

export async function byTurns(
  one: Load,
  other: Load,
  scale: Scale,
  many = MANY,
): Promise<{ one: Summary; other: Summary }> {
  const loads = [one, other].map((load) => ({ load, fast: [] as Run[], steady: [] as Run[] }));
  for (const { load } of loads) await load(scaled(WARM_UP, scale), 0);
  const rounds = scale.share < 1 ? 1 : ROUNDS;
  for (let turn = 1; turn <= rounds; turn++) {
    for (const { load, fast } of loads) fast.push(await measured(load, scaled(many, scale), 0));
    for (const { load, steady } of loads)
      steady.push(await measured(load, scaled(STEADY, scale), STEADY_RATE));
    const [fast, p99] = [
      loads.map((each) => each.fast.at(-1)?.perSecond),
      loads.map((each) => each.steady.at(-1)?.p99),
    ];
    scale.note(`round ${turn}: ${fast.join(' and ')} msg/s; p99 at 1,000/s ${p99.join(' and ')} ms`);
  }
  const [ones, others] = loads.map(summary);
  if (!ones || !others) throw new Error('two loads');
  return { one: ones, other: others };
}

async function measured(load: Load, count: number, rate: number): Promise<Run> {
  const before = cpuOfStarted();
  const run = await load(count, rate);
  return { ...run, cpuUs: (cpuOfStarted() - before) / count };
}

function summary({ fast, steady }: { fast: Run[]; steady: Run[] }): Summary {
  return {
    perSecond: median(fast.map((run) => run.perSecond)),
    p50: median(steady.map((run) => run.p50)),
    p99: median(steady.map((run) => run.p99)),
    cpuUs: Math.round(median(fast.map((run) => run.cpuUs))),
    steadyCpuUs: Math.round(median(steady.map((run) => run.cpuUs))),
  };
}

export function median(numbers: number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** What the slower of two loads adds to the latency of the faster one, ms. */
export function added(with_: Latency, without: Latency): { addedP50Ms: number; addedP99Ms: number } {
  return { addedP50Ms: round(with_.p50 - without.p50), addedP99Ms: round(with_.p99 - without.p99) };
}
