/**
 * Every ordered pair of the networks of `npm start`, through the real path: who says what, and what the other sees. Texts go
 * both ways between all pairs; replies, receipts, reactions and recalls between pairs that stand for all. The pairs play at the
 * same time; a failure names its pair. What people of a network cannot do is declared at level 0 (persons.spec.ts).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { addressOf, network, PHRASES } from '#protocol';
import { sees, type Seen } from '#phones';
import { settled } from '#service';
import { openCast, PLAYED, TELEPHONES, type Actor } from './support/cast.js';
import { ofEachClass } from './support/of-each-class.js';
import { StandaloneFixture } from './support/standalone-fixture.js';

/** One direction between two people, and what the scenes before have left. */
interface Pair {
  one: Actor;
  other: Actor;
  tag: string;
  /** Each as the other sees them. */
  oneAtOther: string;
  otherAtOne: string;
  hello: string;
  helloAtOther: Seen;
  answer: string;
}

const SLUGS = PLAYED.map(({ slug }) => slug);

let whole: StandaloneFixture;
let actors: Actor[];
let pairs: Pair[];

beforeAll(async () => {
  whole = await StandaloneFixture.open([...SLUGS, ...TELEPHONES.map(({ slug }) => slug)]);
  actors = Object.values(await openCast(whole, SLUGS));
  const unseen = { oneAtOther: '', otherAtOne: '', hello: '', answer: '' };
  pairs = actors.flatMap((one) =>
    actors
      .filter((other) => other !== one)
      .map((other) => ({
        one,
        other,
        tag: `${one.slug}-${other.slug}`,
        ...unseen,
        helloAtOther: { kind: 'text', from: '', id: '' },
      })),
  );
});

afterAll(async () => {
  for (const { phone } of actors ?? []) await phone.hangUp();
  await whole?.close();
});

const reads = ({ phone }: Actor, text: string): Promise<Seen> =>
  sees(phone, `"${text}"`, (seen) => seen.kind === 'text' && (seen.text ?? '').endsWith(text));

/**
 * Plays a scene for all of these pairs at the same time, but for the two directions between the same people: those play
 * one after the other, so that what one does does not cross what the other does. @throws what went wrong for each pair
 */
async function together(some: Pair[], scene: (pair: Pair) => Promise<void>): Promise<void> {
  const failures: string[] = [];
  const play = async (pair: Pair): Promise<void> => {
    try {
      await scene(pair);
    } catch (error) {
      failures.push(`${pair.tag}: ${String(error)}`);
    }
  };
  const isFirst = ({ one, other }: Pair) => actors.indexOf(one) < actors.indexOf(other);
  await Promise.all(some.filter(isFirst).map(play));
  await Promise.all(some.filter((pair) => !isFirst(pair)).map(play));
  expect(failures).toEqual([]);
}

test('text both ways', async () => {
  expect(pairs.length).toBeGreaterThanOrEqual(30);
  await together(pairs, async (pair) => {
    const { one, other, tag } = pair;
    pair.hello = await one.phone.write(one.toReach(other), `hello ${tag}`);
    pair.helloAtOther = await reads(other, `hello ${tag}`);
    pair.oneAtOther = pair.helloAtOther.from;
    pair.answer = await other.phone.write(pair.oneAtOther, `answer ${tag}`);
    pair.otherAtOne = (await reads(one, `answer ${tag}`)).from;
    expect(pair.oneAtOther).not.toBe('');
    expect(pair.otherAtOne).not.toBe('');
  });
});

test('a reply', async () => {
  const replying = ofEachClass(['reply'], pairs, ({ other }) => other.can('reply'));
  expect(replying).not.toEqual([]);
  await together(replying, async ({ one, other, tag, oneAtOther, helloAtOther, hello }) => {
    await other.phone.reply(oneAtOther, helloAtOther.id, `indeed ${tag}`);
    const text = one.shows('reply')
      ? `indeed ${tag}`
      : PHRASES[one.capabilities.language].replied(`indeed ${tag}`);
    const seen = await reads(one, text);
    expect(seen.target).toBe(one.shows('reply') ? hello : undefined);
  });
});

test('receipts, where the network shows them', async () => {
  const some = ofEachClass(['delivered', 'read'], pairs);
  await together(some, async ({ one, other, hello, helloAtOther, oneAtOther, otherAtOne }) => {
    const receipt = (kind: Seen['kind'], messages: string[]) =>
      sees(one.phone, kind, (seen) => seen.kind === kind && messages.includes(seen.target ?? ''));
    // A network may mark the last message alone, which covers those before: the next one to the same person is the answer.
    const next = pairs.find((pair) => pair.one === other && pair.other === one)?.answer ?? '';
    if (one.shows('delivered')) expect((await receipt('delivered', [hello, next])).from).toBe(otherAtOne);
    if (other.can('markRead')) await other.phone.markRead(oneAtOther, helloAtOther.id);
    if (other.can('markRead') && one.shows('read')) await receipt('read', [hello]);
    else
      expect(one.phone.timeline.some(({ kind, target }) => kind === 'read' && target === hello)).toBe(false);
  });
});

test('a reaction', async () => {
  const reacting = ofEachClass(['reaction'], pairs, ({ one }) => one.can('react'));
  expect(reacting).not.toEqual([]);
  await together(reacting, async ({ one, other, tag, answer, oneAtOther, otherAtOne }) => {
    const atOne = await reads(one, `answer ${tag}`);
    await one.phone.react(otherAtOne, atOne.id, ['👍']);
    if (other.shows('reaction')) {
      const isThumb = ({ kind, target }: Seen) => kind === 'reaction' && target === answer;
      expect((await sees(other.phone, 'a thumb', isThumb)).emoji).toEqual(['👍']);
    } else {
      const words = PHRASES[other.capabilities.language].reacted('👍');
      await sees(
        other.phone,
        `"${words}" of ${oneAtOther}`,
        ({ kind, from, text }) => kind === 'text' && from === oneAtOther && (text ?? '').endsWith(words),
      );
    }
  });
});

test('a recall', async () => {
  const recalling = ofEachClass(['recall'], pairs, ({ one }) => one.can('recall'));
  expect(recalling).not.toEqual([]);
  await together(recalling, async ({ one, other, hello, helloAtOther, oneAtOther, otherAtOne }) => {
    await one.phone.recall(otherAtOne, hello);
    // A network may remove only what nobody has read; which one it is shows the contract suite of each network.
    await sees(
      other.phone,
      'the recall, or words of it',
      ({ kind, target, from, text }) =>
        (other.shows('recall') && kind === 'recall' && target === helloAtOther.id) ||
        (from === oneAtOther && text === PHRASES[other.capabilities.language].recalled),
    );
  });
});

describe('presence', () => {
  test('is seen of contacts, where both networks have it', async () => {
    const showing = pairs.filter(({ one, other }) => one.person.away && other.person.away);
    expect(showing).not.toEqual([]);
    await together(showing, async ({ one, other, oneAtOther, otherAtOne }) => {
      if (!(await one.hasContact?.(otherAtOne))) await one.befriend?.(otherAtOne);
      if (!other.accept || (await other.hasContact?.(oneAtOther))) return;
      await sees(
        other.phone,
        `a request of ${oneAtOther}`,
        ({ kind, from }) => kind === 'subscribe' && from === oneAtOther,
      );
      await other.accept(oneAtOther);
    });
    const shown = [...new Set(showing.map(({ other }) => other))];
    await Promise.all(
      shown.map((other) =>
        isSeenAway(
          other,
          showing.filter((pair) => pair.other === other),
        ),
      ),
    );
  });

  async function isSeenAway(other: Actor, by: Pair[]): Promise<void> {
    await other.phone.appear('available');
    await other.phone.appear('away');
    await together(by, async ({ one, otherAtOne }) => {
      const seen = await sees(
        one.phone,
        `${otherAtOne} away`,
        ({ kind, from, state }) => kind === 'presence' && from === otherAtOne && state === one.person.away,
      );
      expect(seen.state).toBe(one.person.away);
    });
    await other.phone.appear('available');
  }

  test('is not made up, where one of them has none', () => {
    const without = pairs.filter(({ one, other }) => !one.person.away || !other.person.away);
    expect(without).not.toEqual([]);
    const madeUp = without.flatMap(({ one, otherAtOne }) =>
      // Synapse itself says "offline" of whoever never said anything.
      one.phone.timeline.filter(
        ({ kind, from, state }) => kind === 'presence' && from === otherAtOne && state !== 'offline',
      ),
    );
    expect(madeUp).toEqual([]);
  });
});

test('an unknown recipient is reported at once, in the network’s own way', async () => {
  // Of one person, one after the other: a report does not always name whom it is about.
  const told = async (one: Actor): Promise<void> => {
    for (const { other, tag } of pairs.filter((pair) => pair.one === one)) {
      const nobody = addressOf(network(other.slug), other.person.nobody);
      const before = one.phone.timeline.length;
      // Some networks refuse at once, others report later; both show it.
      await settled(one.phone.write(one.toNobody(other, nobody), `is anybody there? ${tag}`));
      const report = await sees(
        one.phone,
        `that ${nobody} is nobody`,
        (seen) => isAfter(one.phone.timeline, seen, before) && saysNobody(seen),
      );
      expect(report).toBeDefined();
    }
  };
  const played = await Promise.allSettled(actors.map(told));
  expect(played.filter(({ status }) => status === 'rejected')).toEqual([]);
});

test('the demo plays on the same installation, and every line of it arrives', async () => {
  // It plays the same people, and a client of a name throws the other one out.
  for (const { phone } of actors.splice(0)) await phone.hangUp();
  const demo = spawn(process.execPath, ['--enable-source-maps', 'dist/test/demo/main.js'], {
    env: { ...process.env, HUTONG_DATA: whole.folder, NODE_OPTIONS: '' },
  });
  let transcript = '';
  for (const stream of [demo.stdout, demo.stderr])
    stream.on('data', (chunk: Buffer) => (transcript += chunk.toString()));
  await once(demo, 'close');
  const [, delivered, said] = /(\d+) of (\d+) lines delivered/.exec(transcript) ?? [];
  expect({ transcript, delivered, code: demo.exitCode }).toEqual({ transcript, delivered: said, code: 0 });
  expect(Number(said)).toBeGreaterThan(10);
  // The table at its end has a line for each network.
  const table = transcript.slice(transcript.indexOf('network  '));
  // A call to a number, and a message that ends as a spoken call.
  expect(table).toMatch(/^call +\w+ +\+\d+ +rang, answered, hung up/m);
  expect(table).toMatch(
    /^message +\w+ +\+\d+ +(?:rang, spoken, confirmed by key 1|not spoken: espeak-ng is missing)/m,
  );
  for (const slug of SLUGS) expect(table).toMatch(new RegExp(`^${slug} +\\d+ +\\d+`, 'm'));
});

/** Timelines of simulated people are made anew at every look. */
function isAfter(timeline: Seen[], seen: Seen, before: number): boolean {
  if (timeline.indexOf(seen) >= before) return true;
  return timeline.findIndex(({ id, kind }) => id === seen.id && kind === seen.kind) >= before;
}

function saysNobody({ kind, text = '' }: Seen): boolean {
  return (
    kind === 'error' || ((kind === 'text' || kind === 'notice') && /查无此人|no such person|14/.test(text))
  );
}
