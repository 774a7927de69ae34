/** `npm run bench`: measures each part beside its ceiling in the same run. Compare the ratios: times depend on the machine. */
import { parseArgs } from 'node:util';
import { HubFixture } from '../support/hub-fixture.js';
import { added, RawCeiling } from './ceiling.js';
import { clearingBench } from './clearing.js';
import { fetionSessionsBench } from './fetion-sessions.js';
import { handlersBench } from './handlers.js';
import { isolationBench } from './isolation.js';
import { round, type Row } from './measure.js';
import { mediaBench } from './media.js';
import { networksBench } from './networks.js';
import { resolveBench } from './resolve.js';
import { Spine } from './spine.js';
import { ThroughSwitch } from './switch.js';
import { spineBySync, switchBySync } from './sync.js';

const PARTS = [
  'switch',
  'handlers',
  'spine',
  'sync',
  'networks',
  'isolation',
  'fetion',
  'media',
  'resolve',
  'clearing',
] as const;
type Part = (typeof PARTS)[number];

const HELP = `npm run bench [-- options]

  --only <part>   one of: ${PARTS.join(', ')}
                    switch    (a) the raw ceiling and (b) the switch in the middle
                    handlers  one event through a Nest handler, beside a direct call
                    spine     (a) the raw ceiling and (c) test network to test network
                    sync      (b) and (c) on a server that writes before it acknowledges, beside one that does not
                    networks  (d) Prosody and Synapse, alone and through us
                    isolation one of five networks hangs, one is killed: the p99 of the others
                    fetion    10,000 idle Fetion ghost sessions: start and memory
                    resolve   who has a number, of 10 million links (BENCH_LINKS): remembered, and cold
                    media     100 MB network to network beside a plain object-store copy; memory; text meanwhile
                    clearing  a million records rated and closed, twice, beside a plain read and copy of them
  --json          one JSON document on standard output instead of a table
  --help          print this text
`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (values.only !== undefined && !PARTS.includes(values.only as Part)) {
  process.stderr.write(`no part "${values.only}"; one of: ${PARTS.join(', ')}\n`);
  process.exit(2);
}
const wanted = (part: Part) => values.only === undefined || values.only === part;
const note = (text: string) => process.stderr.write(`${text}\n`);

const WARM_UP = 3000;
const MANY = 30_000;
const STEADY = 10_000;
const ROUNDS = 3;

function median(numbers: number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** The best comparison on a noisy machine: the two by turns, and the median of each. */
async function byTurns<T extends { perSecond: number; p50: number; p99: number }>(
  one: (count: number, rate: number) => Promise<T>,
  other: (count: number, rate: number) => Promise<T>,
  many = MANY,
) {
  const [ones, others]: [T[], T[]] = [[], []];
  const [slowOnes, slowOthers]: [T[], T[]] = [[], []];
  await one(WARM_UP, 0);
  await other(WARM_UP, 0);
  for (let turn = 0; turn < ROUNDS; turn++) {
    ones.push(await one(many, 0));
    others.push(await other(many, 0));
    slowOnes.push(await one(STEADY, 1000));
    slowOthers.push(await other(STEADY, 1000));
    note(
      `round ${turn + 1}: ${ones.at(-1)?.perSecond} and ${others.at(-1)?.perSecond} msg/s; p99 at 1,000/s ${slowOnes.at(-1)?.p99} and ${slowOthers.at(-1)?.p99} ms`,
    );
  }
  const summary = (fast: T[], slow: T[]) => ({
    perSecond: median(fast.map((run) => run.perSecond)),
    p50: median(slow.map((run) => run.p50)),
    p99: median(slow.map((run) => run.p99)),
  });
  return { one: summary(ones, slowOnes), other: summary(others, slowOthers) };
}

const rows: Row[] = [];
const result: Record<string, unknown> = {};

if (wanted('switch')) {
  note('(a) the raw ceiling and (b) the switch, by turns ...');
  const hub = await HubFixture.open();
  for (const net of ['north', 'south']) await hub.admit(net);
  await hub.switch();
  const [raw, through] = [await RawCeiling.open(hub), await ThroughSwitch.open(hub)];
  const { one: a, other: b } = await byTurns(
    (count, rate) => raw.run(count, rate),
    (count, rate) => through.run(count, rate),
  );
  await hub.close();
  const ratio = round(b.perSecond / a.perSecond);
  rows.push(
    { part: 'switch', what: '(a) raw ceiling', ...a },
    { part: 'switch', what: '(b) the switch in the middle', ...b, ratio, ...added(b, a) },
  );
  Object.assign(result, {
    ceilingPerSecond: a.perSecond,
    switchPerSecond: b.perSecond,
    ratio,
    ...added(b, a),
  });
}

if (wanted('handlers')) {
  note('Nest handlers beside direct calls ...');
  const { rows: handlers, ...figures } = await handlersBench();
  rows.push(...handlers);
  Object.assign(result, figures);
}

if (wanted('spine')) {
  note('(a) the raw ceiling and (c) network to network, by turns ...');
  const hub = await HubFixture.open();
  const [raw, spine] = [await RawCeiling.open(hub), await Spine.open()];
  const { one: a, other: c } = await byTurns(
    (count, rate) => raw.run(count, rate),
    (count, rate) => spine.run(count, rate),
  );
  await spine.close();
  await hub.close();
  const spineRatio = round(c.perSecond / a.perSecond);
  rows.push(
    { part: 'spine', what: '(a) raw ceiling', ...a },
    { part: 'spine', what: '(c) network - kit - switch - kit - network', ...c, ratio: spineRatio },
  );
  Object.assign(result, {
    spineCeilingPerSecond: a.perSecond,
    spinePerSecond: c.perSecond,
    spineRatio,
    spineP50Ms: c.p50,
    spineP99Ms: c.p99,
  });
}

if (wanted('sync')) {
  for (const [what, open] of [
    ['(b) the switch in the middle', switchBySync],
    ['(c) network - kit - switch - kit - network', spineBySync],
  ] as const) {
    note(`${what}, written to disk every two minutes and before each acknowledgement, by turns ...`);
    const compared = await open();
    const { one, other } = await byTurns(compared.unsafe, compared.safe, STEADY);
    await compared.close();
    const syncRatio = round(other.perSecond / one.perSecond);
    rows.push(
      { part: 'sync', what: `${what}, unsafe server`, ...one },
      {
        part: 'sync',
        what: `${what}, sync_interval always`,
        ...other,
        ratio: syncRatio,
        ...added(other, one),
      },
    );
    Object.assign(result, { [what.slice(1, 2) === 'b' ? 'switchSyncRatio' : 'spineSyncRatio']: syncRatio });
  }
}

if (wanted('networks')) {
  note('(d) the networks, alone and through us ...');
  const networks = await networksBench(note);
  rows.push(...networks);
  Object.assign(result, { networks });
}

if (wanted('isolation')) {
  note('one of five networks hangs, one is killed ...');
  const { rows: isolation, p99Moved } = await isolationBench();
  rows.push(...isolation);
  Object.assign(result, { p99Moved });
}

if (wanted('fetion')) {
  note('10,000 idle Fetion ghosts ...');
  const fetion = await fetionSessionsBench(note);
  rows.push(...fetion);
  Object.assign(result, { fetion });
}

if (wanted('media')) {
  note('media ...');
  const { rows: media, ...figures } = await mediaBench(note);
  rows.push(...media);
  Object.assign(result, figures);
}

if (wanted('resolve')) {
  note('who has a number ...');
  const { rows: resolve, ...figures } = await resolveBench(note);
  rows.push(...resolve);
  Object.assign(result, figures);
}

if (wanted('clearing')) {
  note('a million detail records ...');
  const { rows: clearing, ...figures } = await clearingBench(note);
  rows.push(...clearing);
  Object.assign(result, figures);
}

if (values.json) process.stdout.write(`${JSON.stringify({ ...result, rows }, null, 2)}\n`);
else {
  process.stdout.write(
    '\nmsg/s is at full load; p50 and p99 (ms) are at 1,000 a second, or as the row says.\n',
  );
  console.table(rows);
}
process.exit(0);
