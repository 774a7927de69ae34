/** Every ordered pair of the six networks of `npm start`, through the real path: who says what, and what the other sees. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { addressOf, network, PHRASES } from '#protocol';
import { openCast, SIX, type Actor, type Slug } from './support/cast.js';
import { sees, type Seen } from '#phones';
import { StandaloneFixture } from './support/standalone-fixture.js';

/** Where a request may come or not, as the network has it. */
const WHO_KNOWS_MS = 20_000;

let whole: StandaloneFixture;
let cast: Record<Slug, Actor>;

beforeAll(async () => {
  whole = await StandaloneFixture.open([...SIX]);
  cast = await openCast(whole);
});

afterAll(async () => {
  for (const actor of Object.values(cast ?? {})) await actor.phone.hangUp();
  await whole?.close();
});

const reads = (actor: Actor, text: string): Promise<Seen> =>
  sees(actor.phone, `"${text}"`, (seen) => seen.kind === 'text' && (seen.text ?? '').endsWith(text));

/** The last sign of a kind; states come and go. */
const shown = (actor: Actor, what: string, match: (seen: Seen) => boolean) => sees(actor.phone, what, match);

const pairs = SIX.flatMap((from) => SIX.filter((to) => to !== from).map((to) => [from, to] as const));

describe.each(pairs)('%s → %s', (fromSlug, toSlug) => {
  let one: Actor;
  let other: Actor;
  /** Each as the other sees him. */
  let oneAtOther: string;
  let otherAtOne: string;
  let hello: string;
  let helloAtOther: Seen;
  let answer: string;
  const tag = `${fromSlug}-${toSlug}`;

  beforeAll(() => {
    [one, other] = [cast[fromSlug], cast[toSlug]];
  });

  test('text both ways', async () => {
    hello = await one.phone.write(one.toReach(other), `hello ${tag}`);
    helloAtOther = await reads(other, `hello ${tag}`);
    oneAtOther = helloAtOther.from;
    answer = await other.phone.write(oneAtOther, `answer ${tag}`);
    otherAtOne = (await reads(one, `answer ${tag}`)).from;
    expect(oneAtOther).not.toBe('');
    expect(otherAtOne).not.toBe('');
  });

  test('a reply', async () => {
    if (!other.can('reply')) {
      expect(other.capabilities.features.reply).toBe(0);
      return;
    }
    await other.phone.reply(oneAtOther, helloAtOther.id, `indeed ${tag}`);
    const text = one.shows('reply')
      ? `indeed ${tag}`
      : PHRASES[one.capabilities.language].replied(`indeed ${tag}`);
    const seen = await reads(one, text);
    if (one.shows('reply')) expect(seen.target).toBe(hello);
    else expect(seen.target).toBeUndefined();
  });

  test('receipts, where the network shows them', async () => {
    const delivered = () =>
      shown(one, 'delivered', ({ kind, target }) => kind === 'delivered' && target === hello);
    if (one.shows('delivered')) expect((await delivered()).from).toBe(otherAtOne);
    if (other.can('markRead')) await other.phone.markRead(oneAtOther, helloAtOther.id);
    if (other.can('markRead') && one.shows('read'))
      await shown(one, 'read', ({ kind, target }) => kind === 'read' && target === hello);
    else
      expect(one.phone.timeline.some(({ kind, target }) => kind === 'read' && target === hello)).toBe(false);
  });

  test('a reaction', async () => {
    const atOne = await reads(one, `answer ${tag}`);
    if (!one.can('react')) {
      expect(one.capabilities.features.reaction).toBe(0);
      return;
    }
    await one.phone.react(otherAtOne, atOne.id, ['👍']);
    if (other.shows('reaction'))
      expect(
        (await shown(other, 'a thumb', ({ kind, target }) => kind === 'reaction' && target === answer)).emoji,
      ).toEqual(['👍']);
    else await reads(other, PHRASES[other.capabilities.language].reacted('👍'));
  });

  test('a recall', async () => {
    if (!one.can('recall')) {
      expect(one.capabilities.features.recall).toBe(0);
      return;
    }
    await one.phone.recall(otherAtOne, hello);
    if (other.shows('recall'))
      await shown(other, 'the recall', ({ kind, target }) => kind === 'recall' && target === helloAtOther.id);
    else
      await sees(
        other.phone,
        'the recall in words',
        ({ from, text }) => from === oneAtOther && text === PHRASES[other.capabilities.language].recalled,
      );
  });

  test('presence, where both have it', async () => {
    if (one.away === undefined || other.away === undefined) {
      const presences = () =>
        one.phone.timeline.filter(({ kind, from }) => kind === 'presence' && from === otherAtOne);
      // Synapse itself says "offline" of whoever never said anything.
      expect(presences().filter(({ state }) => state !== 'offline')).toEqual([]);
      return;
    }
    await one.befriend?.(otherAtOne);
    await sees(
      other.phone,
      'a request',
      ({ kind, from }) => kind === 'subscribe' && from === oneAtOther,
      WHO_KNOWS_MS,
    ).catch(() => undefined);
    await other.accept?.(oneAtOther);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await other.phone.appear('available');
    await other.phone.appear('away');
    const seen = await shown(
      one,
      `${toSlug} away`,
      ({ kind, from, state }) => kind === 'presence' && from === otherAtOne && state === one.away,
    );
    expect(seen.state).toBe(one.away);
    await other.phone.appear('available');
  });

  test('an unknown recipient is told at once, in the network’s own way', async () => {
    const stranger = { ...other, address: addressOf(network(toSlug), other.nobody) };
    const reach = whole.ghostOf(fromSlug, one.toReach(other), other.address, stranger.address);
    const before = one.phone.timeline.length;
    await one.phone.write(reach, `is anybody there? ${tag}`).catch(() => undefined);
    const told = await sees(one.phone, 'that nobody is', (seen) =>
      one.phone.timeline.indexOf(seen) >= before || isNews(one.phone.timeline, seen, before)
        ? saysNobody(seen)
        : false,
    );
    expect(saysNobody(told)).toBe(true);
  });
});

test('the demo plays on the same installation, and every line of it arrives', async () => {
  // It plays the same people, and a client of a name throws the other one out.
  for (const actor of Object.values(cast)) await actor.phone.hangUp();
  cast = {} as Record<Slug, Actor>;
  const demo = spawn(process.execPath, ['--enable-source-maps', 'dist/test/demo/main.js'], {
    env: { ...process.env, HUTONG_DATA: whole.folder, NODE_OPTIONS: '' },
  });
  let transcript = '';
  for (const stream of [demo.stdout, demo.stderr])
    stream.on('data', (chunk: Buffer) => (transcript += chunk.toString()));
  await once(demo, 'exit');
  const [, delivered, said] = /(\d+) of (\d+) lines delivered/.exec(transcript) ?? [];
  expect({ transcript, delivered, code: demo.exitCode }).toEqual({ transcript, delivered: said, code: 0 });
  expect(Number(said)).toBeGreaterThan(10);
});

/** Timelines of simulated people are made anew at every look. */
function isNews(timeline: Seen[], seen: Seen, before: number): boolean {
  return timeline.findIndex(({ id, kind }) => id === seen.id && kind === seen.kind) >= before;
}

function saysNobody({ kind, text = '' }: Seen): boolean {
  return (
    kind === 'error' || ((kind === 'text' || kind === 'notice') && /查无此人|no such person|14/.test(text))
  );
}
