/** The parts that measure the path of a message: beside the raw ceiling, and on a server that does not write before it acknowledges. */
import { added, byTurns, type Load, type Summary } from './by-turns.js';
import type { Exchange } from './exchange.js';
import { round, type Row } from './measure.js';
import type { Scale } from './scale.js';
import { Spine } from './spine.js';

/** Messages of a run at full load, where each is written to disk on its own. */
const MANY_SYNCED = 10_000;
const SWITCH = '(b) the switch in the middle';
const SPINE = '(c) network - kit - switch - kit - network';

export interface Measured {
  rows: Row[];
  figures: Record<string, number>;
}

/** (a) and (b). */
export async function switchBench(exchange: Exchange, scale: Scale): Promise<Measured> {
  const raw = await exchange.rawCeiling();
  const through = await exchange.throughSwitch();
  const { one: a, other: b } = await byTurns(
    (count, rate) => raw.run(count, rate),
    (count, rate) => through.run(count, rate),
    scale,
  );
  const ratio = round(b.perSecond / a.perSecond);
  return {
    rows: [
      { part: 'switch', what: '(a) raw ceiling', ...a },
      { part: 'switch', what: SWITCH, ...b, ratio, ...added(b, a) },
    ],
    figures: {
      ceilingPerSecond: a.perSecond,
      switchPerSecond: b.perSecond,
      ratio,
      switchP99Ms: b.p99,
      switchCpuUs: b.cpuUs,
      ...added(b, a),
    },
  };
}

/** (a) and (c). */
export async function spineBench(exchange: Exchange, scale: Scale): Promise<Measured> {
  const raw = await exchange.rawCeiling();
  const spine = new Spine(exchange);
  const spent = new Map<string, number>();
  let messages = 0;
  const counted: Load = async (count, rate) => {
    const before = exchange.cpu();
    const run = await spine.run(count, rate);
    messages += count;
    for (const [name, us] of exchange.cpu())
      spent.set(name, (spent.get(name) ?? 0) + us - (before.get(name) ?? 0));
    return run;
  };
  const { one: a, other: c } = await byTurns((count, rate) => raw.run(count, rate), counted, scale);
  const ratio = round(c.perSecond / a.perSecond);
  return {
    rows: [
      { part: 'spine', what: '(a) raw ceiling', ...a },
      { part: 'spine', what: SPINE, ...c, ratio, ...added(c, a) },
      ...[...spent].map(([name, us]) => ({
        part: 'spine',
        what: `of that, ${name}, in all runs`,
        cpuUs: Math.round(us / messages),
      })),
    ],
    figures: {
      spineCeilingPerSecond: a.perSecond,
      spinePerSecond: c.perSecond,
      spineRatio: ratio,
      spineP50Ms: c.p50,
      spineP99Ms: c.p99,
      spineCpuUs: c.cpuUs,
    },
  };
}

/** (b) and (c), on a server that writes before it acknowledges, beside one that does not. */
export async function syncBench(unsafe: Exchange, safe: Exchange, scale: Scale): Promise<Measured> {
  const [unsafeSwitch, safeSwitch] = [await unsafe.throughSwitch(), await safe.throughSwitch()];
  const [unsafeSpine, safeSpine] = [new Spine(unsafe), new Spine(safe)];
  const compare = (one: Load, other: Load) => byTurns(one, other, scale, MANY_SYNCED);
  const ofSwitch = await compare(
    (count, rate) => unsafeSwitch.run(count, rate),
    (count, rate) => safeSwitch.run(count, rate),
  );
  const ofSpine = await compare(
    (count, rate) => unsafeSpine.run(count, rate),
    (count, rate) => safeSpine.run(count, rate),
  );
  return {
    rows: [...syncRows(SWITCH, ofSwitch), ...syncRows(SPINE, ofSpine)],
    figures: {
      switchSyncRatio: round(ofSwitch.other.perSecond / ofSwitch.one.perSecond),
      spineSyncRatio: round(ofSpine.other.perSecond / ofSpine.one.perSecond),
    },
  };
}

function syncRows(what: string, { one, other }: { one: Summary; other: Summary }): Row[] {
  const ratio = round(other.perSecond / one.perSecond);
  return [
    { part: 'sync', what: `${what}, unsafe server`, ...one },
    { part: 'sync', what: `${what}, sync_interval always`, ...other, ratio, ...added(other, one) },
  ];
}
