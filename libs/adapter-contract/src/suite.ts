/**
 * The contract suite: what every adapter shows against a real server of its network. The same play for each, a person
 * of the network under test on one side, a person of the test network on the other.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { levelOf, PHRASES, type Capabilities, type Feature } from '#protocol';
import type { TestAct, TestNetwork } from './test-network.js';

/** What a person sees in his client. */
export interface Seen {
  kind:
    | 'text'
    | 'edit'
    | 'recall'
    | 'reaction'
    | 'delivered'
    | 'read'
    | 'typing'
    | 'presence'
    | 'error'
    | 'notice'
    | 'subscribe'
    | 'subscribed'
    | 'unsubscribed'
    | 'invited'
    | 'media'
    | 'location'
    | 'card';
  /** Native id of who did it: the ghost that this person sees. */
  from: string;
  id: string;
  text?: string;
  /** The message that it is about. */
  target?: string;
  emoji?: string[];
  state?: string;
  /** Original time, when it came late. */
  since?: string;
  /** Kind `media`: where his client gets it, and what it is told of it. */
  media?: { url: string; name?: string; type?: string; seconds?: number; thumbnail?: string };
}

/** A person's ordinary client on the network under test. */
export interface LocalPhone {
  /** Native id of this person. */
  readonly native: string;
  readonly timeline: Seen[];
  write(peer: string, text: string): Promise<string>;
  reply(peer: string, to: string, text: string): Promise<string>;
  edit(peer: string, target: string, text: string): Promise<void>;
  recall(peer: string, target: string): Promise<void>;
  react(peer: string, target: string, emoji: string[]): Promise<void>;
  markRead(peer: string, target: string): Promise<void>;
  type(peer: string, on: boolean): Promise<void>;
  /** Where people can send files. @returns native id of the message */
  sendFile?(peer: string, file: LocalFile): Promise<string>;
  /** The content of something that was seen; needed where the network takes media. */
  fetch?(seen: Seen): Promise<Buffer>;
}

export interface LocalFile {
  path: string;
  name: string;
  type: string;
  kind: 'image' | 'voice' | 'video' | 'file';
  /** Of a voice note. */
  seconds?: number;
}

export type LocalAbility = 'reply' | 'edit' | 'recall' | 'react' | 'markRead' | 'type' | 'sendFile';
export const LOCAL_ABILITIES: LocalAbility[] = [
  'reply',
  'edit',
  'recall',
  'react',
  'markRead',
  'type',
  'sendFile',
];

/** The set and the cast, made by whoever runs the suite. */
export interface Stage {
  /** Slug of the network under test. */
  network: string;
  ann: LocalPhone;
  far: TestNetwork;
  /** How ann writes to a person of the test network. */
  ghostOf(farPerson: string): string;
}

/** What may be expected of the network under test. */
export interface Expectation {
  /** As its adapter declares them: what is not shown comes as words. */
  capabilities: Capabilities;
  /** What people can do in its own clients. */
  annCan: readonly LocalAbility[];
  /** Has every foreign person an account of his own there, or do all speak through one? */
  ghosts: boolean;
  /** How ann learns that there is no such person. */
  saysUnknown: (seen: Seen, ghost: string) => boolean;
}

/** A network whose clients can do everything, and that answers with an error or a notice. */
export function everything(capabilities: Capabilities): Expectation {
  return {
    capabilities,
    annCan: LOCAL_ABILITIES,
    ghosts: true,
    saysUnknown: ({ kind, from, text }, ghost) =>
      (kind === 'error' || kind === 'notice') && from === ghost && (text ?? '').includes('14'),
  };
}

const PATIENCE_MS = 120_000;

/** Another one at every call, without anything in it that would be taken out on the way. */
async function aPicture(name: string): Promise<{ path: string; name: string }> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 50 };
  const canvas = { width: 120, height: 90, channels: 3 as const, background: 'red', noise };
  const path = join(mkdtempSync(join(tmpdir(), 'hutong-picture-')), name);
  await sharp({ create: canvas }).jpeg().toFile(path);
  return { path, name };
}

async function within<T>(what: string, find: () => T | undefined, seen: () => unknown[]): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (Date.now() > deadline)
      throw new Error(
        `nobody saw ${what}; only:\n${seen()
          .slice(-8)
          .map((one) => JSON.stringify(one))
          .join('\n')}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Declares the cases; `stage()` is asked when they run. */
export function contractSuite(name: string, expected: Expectation, stage: () => Stage): void {
  const { capabilities, annCan, ghosts, saysUnknown } = expected;
  const shows = (feature: Feature) => levelOf(capabilities, feature) > 0;
  const can = (ability: LocalAbility) => annCan.includes(ability);
  const words = PHRASES[capabilities.language];
  const annReads = (text: string) => annSees(text, (seen) => seen.kind === 'text' && seen.text === text);
  const SUE = 'sue';
  const annSees = (what: string, match: (seen: Seen) => boolean) =>
    within(
      what,
      () => stage().ann.timeline.find(match),
      () => stage().ann.timeline,
    );
  const sueSees = (what: string, match: (act: TestAct) => boolean) =>
    within(
      what,
      () => stage().far.inbox(SUE).find(match),
      () => stage().far.inbox(SUE),
    );
  const sue = (act: Omit<TestAct, 'from' | 'to' | 'id'>) =>
    stage().far.act({ from: SUE, to: `${stage().ann.native}@${stage().network}`, ...act });
  const ghost = () => stage().ghostOf(SUE);

  describe(`the contract, kept by ${name}`, () => {
    let hello: string;
    let helloAtAnn: string;
    let answer: string;
    let answerAtSue: string;

    test('T00 sue writes to ann, whom nobody introduced; ann answers', async () => {
      hello = sue({ kind: 'message', text: 'hello ann' });
      const seen = await annSees('hello', ({ kind, text }) => kind === 'text' && text === 'hello ann');
      expect(seen.from).toBe(ghost());
      helloAtAnn = seen.id;
      answer = await stage().ann.write(ghost(), 'hello sue');
      answerAtSue = (await sueSees('the answer', ({ text }) => text === 'hello sue')).id;
    });

    test('T01 the same native event again is one delivery', async () => {
      const id = sue({ kind: 'message', text: 'only once' });
      await annSees('it', ({ text }) => text === 'only once');
      for (let again = 0; again < 2; again++)
        stage().far.replay({
          kind: 'message',
          id,
          from: SUE,
          to: `${stage().ann.native}@${stage().network}`,
          text: 'only once',
        });
      sue({ kind: 'message', text: 'after it' });
      await annSees('what came after', ({ text }) => text === 'after it');
      expect(stage().ann.timeline.filter(({ text }) => text === 'only once')).toHaveLength(1);
    });

    test('T04 order is kept', async () => {
      const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
      for (const text of lines) sue({ kind: 'message', text });
      await annSees('the last line', ({ text }) => text === 'line 19');
      expect(
        stage().ann.timeline.flatMap(({ kind, text }) =>
          kind === 'text' && text?.startsWith('line ') ? [text] : [],
        ),
      ).toEqual(lines);
    });

    test('T09 a network that is not there is told to the sender', async () => {
      const lost = stage().far.act({ kind: 'message', from: SUE, to: 'x@nowhere', text: 'anybody?' });
      expect(
        (await sueSees('a failure', ({ kind, target }) => kind === 'failure' && target === lost)).code,
      ).toBe('15');
    });

    test('T11 an edit of an edit still points to the first version, both ways', async () => {
      for (const text of ['hello Ann', 'hello dear Ann']) {
        sue({ kind: 'edit', target: hello, text });
        if (shows('edit'))
          await annSees(
            text,
            (seen) => seen.kind === 'edit' && seen.text === text && seen.target === helloAtAnn,
          );
        else await annReads(words.edited(text));
      }
      if (!can('edit')) return;
      await stage().ann.edit(ghost(), answer, 'hello Sue');
      await sueSees(
        'the edit',
        ({ kind, text, target }) => kind === 'edit' && text === 'hello Sue' && target === answerAtSue,
      );
    });

    test('T12 nobody edits or recalls what another wrote', async () => {
      const before = stage().ann.timeline.length;
      sue({ kind: 'recall', target: answerAtSue });
      expect((await sueSees('a refusal', ({ kind, code }) => kind === 'failure' && code === '25')).code).toBe(
        '25',
      );
      expect(
        stage()
          .ann.timeline.slice(before)
          .some(({ kind, text }) => kind === 'recall' || text === words.recalled),
      ).toBe(false);
    });

    test('T13 reactions cross as changes and as sets', async () => {
      sue({ kind: 'reaction', target: answerAtSue, emoji: ['👍'] });
      if (shows('reaction'))
        await annSees(
          'a thumb',
          ({ kind, target, emoji }) => kind === 'reaction' && target === answer && emoji?.[0] === '👍',
        );
      else await annReads(words.reacted('👍'));
      if (!can('react')) return;
      await stage().ann.react(ghost(), helloAtAnn, ['🎉']);
      expect(
        (await sueSees('a party', ({ kind, target }) => kind === 'reaction' && target === hello)).emoji,
      ).toEqual(['🎉']);
    });

    test('T15 delivered only after the network took it; read only when read', async () => {
      const asked = sue({ kind: 'message', text: 'did you get this?' });
      const atAnn = await annSees('it', ({ text }) => text === 'did you get this?');
      await sueSees('delivered', ({ kind, target }) => kind === 'delivered' && target === asked);
      expect(
        stage()
          .far.inbox(SUE)
          .some(({ kind, target }) => kind === 'read' && target === asked),
      ).toBe(false);
      if (!can('markRead')) return;
      await stage().ann.markRead(ghost(), atAnn.id);
      await sueSees('read', ({ kind, target }) => kind === 'read' && target === asked);
    });

    test('T16 replies keep their reference', async () => {
      sue({ kind: 'message', text: 'to that I say', target: answerAtSue });
      if (shows('reply'))
        await annSees('the reply', ({ text, target }) => text === 'to that I say' && target === answer);
      else await annReads(words.replied('to that I say'));
      if (!can('reply')) return;
      await stage().ann.reply(ghost(), helloAtAnn, 'and I to this');
      await sueSees('her reply', ({ text, target }) => text === 'and I to this' && target === hello);
    });

    test('T17 emoji, other scripts and long texts arrive whole', async () => {
      const text = `👩‍👩‍👧 你好 שלום ${'ä'.repeat(3000)}`;
      const before = stage().ann.timeline.length;
      sue({ kind: 'message', text });
      const read = () =>
        stage()
          .ann.timeline.slice(before)
          .flatMap((seen) => (seen.kind === 'text' ? [seen.text] : []))
          .join('');
      await within(
        'all of it, in one piece or in several',
        () => (read() === text ? true : undefined),
        () => [read()],
      );
      const { textLength = text.length } = capabilities.limits;
      const answerText = text.slice(0, textLength / 2);
      await stage().ann.write(ghost(), answerText);
      await sueSees('it', (act) => act.text === answerText);
    });

    test('T18 a picture comes to the byte, or words say that it did not', async () => {
      const picture = await aPicture('from sue.jpg');
      sue({ kind: 'message', media: picture });
      if (capabilities.media?.image === undefined) {
        await annReads(words.media('image', picture.name, '106'));
        return;
      }
      const seen = await annSees('the picture', ({ kind }) => kind === 'media');
      if (ghosts) expect(seen.from).toBe(ghost());
      expect((await stage().ann.fetch?.(seen))?.equals(readFileSync(picture.path))).toBe(true);
    });

    test('T19 a picture of ann’s comes to the byte', async () => {
      if (!can('sendFile')) {
        expect(annCan).not.toContain('sendFile');
        return;
      }
      const picture = await aPicture('from ann.jpg');
      await stage().ann.sendFile?.(ghost(), { ...picture, type: 'image/jpeg', kind: 'image' });
      const { media } = await sueSees('the picture', (act) => act.media !== undefined);
      expect(media?.type).toBe('image/jpeg');
      expect(readFileSync(media?.path ?? '').equals(readFileSync(picture.path))).toBe(true);
    });

    test('T21 a stranger is not found, and the sender is told with code 14', async () => {
      stage().far.knowsNot('nobody');
      // Some networks refuse at once, others tell it later.
      await stage()
        .ann.write(stage().ghostOf('nobody'), 'who is there?')
        .catch(() => undefined);
      const told = await annSees('that nobody is', (seen) => saysUnknown(seen, stage().ghostOf('nobody')));
      expect(saysUnknown(told, stage().ghostOf('nobody'))).toBe(true);
    });

    test('T22 typing crosses, and is never shown late', async () => {
      if (shows('typing')) {
        sue({ kind: 'typing', state: 'composing' });
        await annSees('sue typing', ({ kind, from }) => kind === 'typing' && (!ghosts || from === ghost()));
      } else {
        sue({ kind: 'typing', state: 'composing' });
        sue({ kind: 'message', text: 'typed at last' });
        await annReads('typed at last');
        expect(stage().ann.timeline.some(({ kind }) => kind === 'typing')).toBe(false);
      }
      if (!can('type')) return;
      await stage().ann.type(ghost(), true);
      await sueSees('ann typing', ({ kind, state }) => kind === 'typing' && state === 'composing');
    });

    test('T26 people with odd names are reached and answer', async () => {
      const odd = 'Ü ser@home/1:2';
      stage().far.act({
        kind: 'message',
        from: odd,
        to: `${stage().ann.native}@${stage().network}`,
        text: 'odd but real',
      });
      const seen = await annSees('it', ({ text }) => text === 'odd but real');
      expect(seen.from).toBe(stage().ghostOf(odd));
      await stage().ann.write(seen.from, 'nice name');
      await within(
        'the answer',
        () =>
          stage()
            .far.inbox(odd)
            .find(({ text }) => text === 'nice name'),
        () => stage().far.inbox(odd),
      );
    });

    test('T32 a limit is waited out, and nothing is lost', async () => {
      stage().far.refuse(SUE, '65', 2);
      await stage().ann.write(ghost(), 'patience');
      await sueSees('it', ({ text }) => text === 'patience');
    });

    test('both recall, and it is gone on both sides', async () => {
      sue({ kind: 'recall', target: hello });
      if (shows('recall'))
        await annSees('the recall', ({ kind, target }) => kind === 'recall' && target === helloAtAnn);
      else await annReads(words.recalled);
      if (!can('recall')) return;
      await stage().ann.recall(ghost(), answer);
      await sueSees('her recall', ({ kind, target }) => kind === 'recall' && target === answerAtSue);
    });
  });
}
