/** `npm run demo`: a conversation across all networks, through ordinary clients and the real path. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Outcome } from '#protocol';
import type { Seen } from '#phones';
import type { Line } from '../../apps/phones/src/play/script.js';
import type { Actor } from '../support/cast.js';
import type { Ended, OnTelephone } from './summary.js';

const HELP = `npm run demo: one person on each network talks with the others, and you read along; then a telephone rings twice.

Plays on the installation that runs in HUTONG_DATA (default ./data); where none runs, starts one of its own and ends it.
`;

/** A line as it was played: what was said, under which id, and how it looked on the other side. */
interface Played {
  line: Line;
  id: string;
  atOther: Seen | undefined;
  outcome: Outcome | undefined;
  ms: number;
}

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

// Loaded after the help: they load clients of all networks.
const { openCast, PLAYED, TELEPHONES } = await import('../support/cast.js');
const { StandaloneFixture } = await import('../support/standalone-fixture.js');
const { Outcomes } = await import('./outcomes.js');
const { scriptOf } = await import('../../apps/phones/src/play/script.js');
const { summaryOf, telephoneSummary } = await import('./summary.js');
const { playTelephones, telephonesOf } = await import('./telephones.js');

const running = join(resolve(process.env['HUTONG_DATA'] ?? 'data'), 'standalone.json');
if (!existsSync(running)) process.stdout.write('starting all networks (half a minute) ...\n');
const whole = existsSync(running)
  ? StandaloneFixture.attach(running)
  : await StandaloneFixture.open([...PLAYED, ...TELEPHONES].map(({ slug }) => slug));
const outcomes = await Outcomes.listen(whole.file.nats);
const present = PLAYED.filter(({ slug }) => slug in whole.file.networks);
const cast: Record<string, Actor> = await openCast(
  whole,
  present.map(({ slug }) => slug),
);
const script = scriptOf(present);
const played: Played[] = [];
let onTelephones: OnTelephone[] = [];
let failed = 0;
try {
  for (const line of script) {
    const one = await play(line);
    played.push(one);
    if (one.outcome?.stage !== 'delivered') failed++;
    process.stdout.write(`${describe(one)}\n`);
  }
  onTelephones = await playTelephones(await telephonesOf(whole), Object.values(cast), outcomes);
} finally {
  for (const actor of Object.values(cast)) await actor.phone.hangUp();
  await outcomes.close();
  await whole.close();
}
process.stdout.write(`\n${summaryOf(played.map(ended))}\n`);
if (onTelephones.length > 0) process.stdout.write(`\n${telephoneSummary(onTelephones)}\n`);
process.stdout.write(`\n${script.length - failed} of ${script.length} lines delivered.\n`);
process.exit(failed === 0 && onTelephones.every(({ isGood }) => isGood) ? 0 : 1);

async function play(line: Line): Promise<Played> {
  const [one, other] = [actorOf(line.who), actorOf(line.to)];
  const heard = outcomes.count;
  const before = other.phone.timeline.length;
  const start = performance.now();
  const id = await act(one, other, line);
  const outcome = await outcomes.next(heard, one.address, other.address);
  const ms = performance.now() - start;
  // The client shows it a moment after its network took it.
  for (let wait = 0; wait < 100 && sightAfter(other, before) === undefined; wait++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return { line, id, atOther: sightAfter(other, before), outcome, ms };
}

function actorOf(slug: string): Actor {
  const actor = cast[slug];
  if (!actor) throw new Error(`nobody plays on ${slug}`);
  return actor;
}

function sightAfter(actor: Actor, before: number): Seen | undefined {
  return actor.phone.timeline
    .slice(before)
    .find(
      ({ kind, text }) =>
        (kind === 'text' && !text?.startsWith('⚠')) ||
        kind === 'edit' ||
        kind === 'recall' ||
        kind === 'reaction',
    );
}

/** @returns the id under which the line can be named later */
async function act(one: Actor, other: Actor, line: Line): Promise<string> {
  const peer = lastSeenFrom(one, line.to) ?? one.toReach(other);
  if ('answer' in line) return one.phone.reply(peer, seenBy(line.answer), line.say);
  if ('edit' in line) await one.phone.edit(peer, saidBy(line.edit), line.say);
  else if ('react' in line) await one.phone.react(peer, seenBy(line.react), [line.emoji]);
  else if ('recall' in line) await one.phone.recall(peer, saidBy(line.recall));
  else return one.phone.write(peer, line.say);
  return '';
}

/** How the client of one shows the other, who wrote before. */
function lastSeenFrom(one: Actor, other: string): string | undefined {
  return played.findLast(({ line }) => line.who === other && line.to === one.slug)?.atOther?.from;
}

function saidBy(line: number): string {
  return played[line]?.id ?? '';
}

function seenBy(line: number): string {
  return played[line]?.atOther?.id ?? '';
}

function ended({ line, outcome, ms }: Played): Ended {
  return {
    from: line.who,
    to: line.to,
    delivered: outcome?.stage === 'delivered',
    changed: (outcome?.degradations ?? []).length > 0,
    ms,
  };
}

function describe({ line, atOther, outcome, ms }: Played): string {
  const what = 'say' in line ? line.say : 'react' in line ? `reacts ${line.emoji}` : 'recalls what was said';
  const how = 'answer' in line ? ' (reply)' : 'edit' in line ? ' (edit)' : '';
  const result = outcome ? (outcome.stage === 'delivered' ? '' : `  FAILED ${outcome.code}`) : '  NO OUTCOME';
  const lines = [`${line.who.padEnd(9)}→ ${line.to.padEnd(10)}${what}${how}   ${ms.toFixed(0)} ms${result}`];
  const shown = atOther?.text ?? atOther?.emoji?.join(' ') ?? atOther?.kind;
  if (shown !== undefined && shown !== what) lines.push(`${' '.repeat(22)}shown as: ${shown}`);
  for (const { feature, level, rule } of outcome?.degradations ?? [])
    lines.push(`${' '.repeat(22)}${feature} at level ${level}: ${rule}`);
  return lines.join('\n');
}
