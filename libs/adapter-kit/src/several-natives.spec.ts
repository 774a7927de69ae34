/**
 * One message that became several native messages: whatever is done to it, what the recipient has on the screen is the
 * message, once. Tried on every kind of network and content, with a failure and a crash at every single step.
 */
import { MediaFile } from '#media';
import {
  bodyOf,
  EMPTY,
  HubError,
  levels,
  network,
  PHRASES,
  plainText,
  toHubError,
  wordsOf,
  type Capabilities,
  type EventId,
  type ExternalPart,
  type LeafPart,
  type MessageEvent,
} from '#protocol';
import { mediaInWords } from '#degradation';
import { aMessage } from '../../protocol/test/a-message.js';
import type { AnyAdapter } from './adapter.contract.js';
import { Connectivity } from './connectivity.js';
import type { Delivered } from './delivered.contract.js';
import { Correlation } from './correlation.js';
import { Delivery, type DeliveryResult } from './delivery.js';
import type { AttachmentPreparer } from './message-pieces.js';

const SHORT = 'a few words';
const LONG = Array.from({ length: 20 }, (_, at) => `word${at}`).join(' ');
const LONGER = Array.from({ length: 33 }, (_, at) => `more${at}`).join(' ');

const picture = (filename: string): ExternalPart => ({
  kind: 'external',
  disposition: 'attachment',
  contentType: 'image/png',
  url: `hub-media:xmpp/${'a'.repeat(43)}` as NonNullable<ExternalPart['url']>,
  filename,
});
const CAT = picture('cat.png');
const DOG = picture('dog.png');
/** Its content is gone from the store. */
const LOST = picture('lost.png');
/** The network refuses it at handover. */
const REFUSED = picture('refused.png');

const MEDIA: AttachmentPreparer = {
  instead: (_, part, failure) =>
    Promise.resolve({
      act: 'words',
      words: plainText(mediaInWords(part, failure, PHRASES.en)),
      failure,
      degradations: [],
    }),
  pauseTransfersForText: () => undefined,
  ofText: () => Promise.reject(new Error('there are no cards in these plays')),
  prepare: (_, part) => {
    const filename = part.filename ?? '?';
    if (filename === 'lost.png')
      return Promise.resolve({
        act: 'words',
        words: { ...plainText('(lost.png)'), disposition: part.disposition },
        failure: '107',
        degradations: [],
      });
    const facts = { contentType: 'image/png', size: 1, sha256: '', filename, meta: {} };
    const file = new MediaFile(`/nowhere/${filename}`, facts);
    file[Symbol.asyncDispose] = () => Promise.resolve();
    return Promise.resolve({ act: 'medium', medium: { file, as: 'image', part }, degradations: [] });
  },
};

interface Shape {
  captions: boolean;
  edits: boolean;
  recalls: boolean;
}

/** What bob has on the screen, on a network that accepts a key once. */
class Screen {
  readonly rows: { id: string; words: string; medium?: string }[] = [];
  readonly refused: string[] = [];
  private readonly taken = new Set<string>();
  private calls = 0;
  /** At this call the network is away, or takes it and its answer never comes. */
  fault: { at: number; how: 'away' | 'cut off' } | undefined;

  constructor(readonly shape: Shape) {}

  adapter(): AnyAdapter {
    const { captions, edits, recalls } = this.shape;
    const capabilities: Capabilities = {
      version: '1',
      language: 'en',
      originalTime: true,
      features: levels(0, {
        text: 2,
        media: 2,
        ...(edits ? { edit: 2 } : {}),
        ...(recalls ? { recall: 2 } : {}),
      }),
      media: { image: {}, captions },
      limits: { textLength: 50 },
    };
    return {
      network: network('matrix'),
      capabilities: () => capabilities,
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
      connectivity: new Connectivity(true),
      deliver: (event, { idempotencyKey }) => this.take(idempotencyKey, (id) => this.add(id, event)),
      deliverAttachment: (event, { file }, { idempotencyKey }) => {
        if (file.filename === 'refused.png') throw new HubError('106', 'not here');
        return this.take(idempotencyKey, (id) => this.add(id, event, file.filename));
      },
      deliverEdit: ({ data }, { idempotencyKey, piece }) =>
        this.take(idempotencyKey, () => void (this.row(piece.id).words = wordsOf(data.content.body))),
      deliverRecall: (_, { idempotencyKey, piece }) =>
        this.take(idempotencyKey, () => void this.rows.splice(this.rows.indexOf(this.row(piece.id)), 1)),
    };
  }

  /** How often the network was asked for something. */
  get steps(): number {
    return this.calls;
  }

  /** All words on the screen in order, and all media. */
  get words(): string {
    return this.rows.map(({ words }) => words).join('');
  }
  get media(): string[] {
    return this.rows.flatMap(({ medium }) => medium ?? []);
  }

  private add(id: string, { data }: MessageEvent, medium?: string): void {
    this.rows.push({ id, words: wordsOf(data.content.body), ...(medium ? { medium } : {}) });
  }

  private row(id: string) {
    const row = this.rows.find((one) => one.id === id);
    if (!row) throw new HubError('25', `there is no ${id}`);
    return row;
  }

  private take(key: string, act: (id: string) => void): Promise<Delivered> {
    const fault = this.fault?.at === ++this.calls ? this.fault : undefined;
    if (fault?.how === 'away') throw new HubError('91', 'the network is away');
    if (!this.taken.has(key)) act(`n-${key}`);
    this.taken.add(key);
    if (fault) throw new HubError('91', 'no answer');
    return Promise.resolve({ native: [`n-${key}`] });
  }
}

/** Delivers like the egress: again after a failure; in a new process, where the last one crashed. */
function bob(shape: Shape) {
  const screen = new Screen(shape);
  const kept = new Map<string, string>();
  const bucket = {
    put: (key: string, value: unknown) => Promise.resolve(void kept.set(key, JSON.stringify(value))),
    get: (key: string) =>
      Promise.resolve(JSON.parse(kept.get(key) ?? 'null') ?? undefined) as Promise<unknown>,
  };
  const life = () => new Correlation(network('matrix'), bucket);
  let correlation = life();
  const deliver = async (event: MessageEvent): Promise<DeliveryResult> => {
    for (let uncertain = false; ; uncertain = true)
      try {
        const adapter = screen.adapter();
        const capabilities = () => adapter.capabilities();
        const delivery = new Delivery({ adapter, capabilities, correlation, attachments: MEDIA });
        const result = await delivery.deliver(event, uncertain, () => false);
        await result.stored;
        return result;
      } catch (thrown) {
        const error = toHubError(thrown);
        if (error.code !== '91') throw error;
        if (screen.fault?.how === 'cut off') correlation = life();
      }
  };
  return { screen, deliver, findNative: (id: string) => correlation.findNative(id) };
}

let counter = 0;
function saying(parts: LeafPart[], replaces?: EventId): MessageEvent {
  const now = new Date().toISOString();
  const body = parts.length === 0 ? EMPTY : bodyOf(parts);
  const content = { body, ...(replaces ? { replaces } : {}) };
  return aMessage(`message ${++counter}`, { time: now, data: { ...aMessage().data, sentAt: now, content } });
}

const says = (...parts: (LeafPart | string)[]): LeafPart[] =>
  parts.map((part) => (typeof part === 'string' ? plainText(part) : part));

const SHAPES: Shape[] = [true, false].flatMap((captions) =>
  [true, false].flatMap((edits) => [true, false].map((recalls) => ({ captions, edits, recalls }))),
);
const named = (shape: Shape) =>
  Object.entries(shape)
    .map(([what, has]) => `${has ? '' : 'no '}${what}`)
    .join(', ');

describe.each(SHAPES.map((shape) => [named(shape), shape] as const))('on a network with %s', (_, shape) => {
  const FIRSTS = {
    'a short text': says(SHORT),
    'a long text': says(LONG),
    'a picture': says(CAT),
    'a picture with words': says(CAT, SHORT),
    'a picture with many words': says(CAT, LONG),
    'two pictures with words': says(CAT, LONG, DOG),
    'a lost picture with words': says(LOST, SHORT),
    'a refused picture with words': says(REFUSED, SHORT),
  };
  const lead = {
    'a lost picture with words': '(lost.png)',
    'a refused picture with words': '(picture: refused.png; not supported by this network)',
  } as Record<string, string>;

  if (shape.edits)
    describe.each(Object.entries(FIRSTS))('%s', (name, parts) => {
      test.each([
        ['few words', SHORT],
        ['many words', LONG],
        ['more words', LONGER],
      ])('is edited to %s: those are the words, and the pictures stay', async (_what, words) => {
        const { screen, deliver } = bob(shape);
        const first = saying(parts);
        await deliver(first);
        const media = screen.media;
        await deliver(saying(says(words), first.id));
        await deliver(saying(says(`${words}!`), first.id));
        const shown = screen.words
          .replaceAll('(removed)', '')
          .replace(lead[name] ?? '', '')
          .trim();
        expect(shown).toBe(`${words}!`);
        expect(screen.words.startsWith(lead[name] ?? '')).toBe(true);
        expect(screen.media).toEqual(media);
      });

      test('the words are taken off: the pictures stay', async () => {
        const { screen, deliver } = bob(shape);
        const first = saying(parts);
        await deliver(first);
        const media = screen.media;
        await deliver(saying(says(''), first.id));
        const left = screen.words
          .replaceAll('(removed)', '')
          .replace(lead[name] ?? '', '')
          .trim();
        expect([left, screen.media]).toEqual(['', media]);
      });

      test('another picture comes in place of what was there', async () => {
        const { screen, deliver } = bob(shape);
        const first = saying(parts);
        await deliver(first);
        const before = screen.rows.map(({ id }) => id);
        await deliver(saying(says(DOG, 'with a dog'), first.id));
        const fresh = screen.rows.filter(({ id }) => !before.includes(id));
        expect(fresh.map(({ medium }) => medium ?? '').join('')).toBe('dog.png');
        const words = shape.recalls ? 'with a dog' : '(edited) with a dog';
        expect(fresh.map((row) => row.words).join('')).toBe(words);
        expect(screen.rows.length - fresh.length).toBe(shape.recalls ? 0 : before.length);
      });
    });

  const interrupted = ['a long text', 'two pictures with words', 'a refused picture with words'] as const;
  test.each(interrupted)('%s: any step may fail or be cut off, the end is the same', async (name) => {
    const first = saying(FIRSTS[name]);
    const [longer, short, again, none] = [LONGER, SHORT, LONG, ''].map((words) =>
      saying(says(words), first.id),
    );
    const plays = [
      [first, longer, short, again, none],
      [first, longer, saying([], first.id)],
    ];
    for (const acts of plays) {
      const play = async (fault?: Screen['fault']) => {
        const { screen, deliver } = bob(shape);
        screen.fault = fault;
        for (const act of acts) if (act) await deliver(act);
        return { rows: screen.rows, steps: screen.steps };
      };
      const { rows, steps } = await play();
      for (let at = 1; at <= steps; at++)
        for (const how of ['away', 'cut off'] as const)
          expect({ at, how, rows: (await play({ at, how })).rows }).toEqual({ at, how, rows });
    }
  });

  if (shape.recalls) {
    test.each(Object.entries(FIRSTS))('%s is recalled: nothing of it is left', async (_name, parts) => {
      const { screen, deliver } = bob(shape);
      const first = saying(parts);
      await deliver(first);
      await deliver(saying(says(LONGER), first.id));
      await deliver(saying([], first.id));
      expect(screen.rows).toEqual([]);
    });
  } else
    test.each(Object.entries(FIRSTS))('%s cannot be recalled: words say so', async (_name, parts) => {
      const { screen, deliver } = bob(shape);
      const first = saying(parts);
      await deliver(first);
      await deliver(saying([], first.id));
      expect(screen.rows.at(-1)?.words).toBe('(recalled an earlier message)');
    });

  test.each(Object.entries(FIRSTS))('every native message of %s leads to it', async (_name, parts) => {
    const { screen, deliver, findNative } = bob(shape);
    const first = saying(parts);
    await deliver(first);
    await deliver(saying(says(LONGER), first.id));
    const found = await Promise.all(screen.rows.map(({ id }) => findNative(id)));
    expect(found.map((ref) => ref?.id)).toEqual(screen.rows.map(() => first.id));
  });
});
