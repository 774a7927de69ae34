/** What comes as one message, what as several, and under which keys. */
import { MediaFile } from '#media';
import {
  cardPart,
  HubError,
  leaves,
  levels,
  markdownText,
  MARKDOWN,
  plainText,
  wordsOf,
  type Capabilities,
  type Degradation,
  type ExternalPart,
  type LeafPart,
  type MessageEvent,
  type Part,
} from '#protocol';
import { aMessage } from '../../protocol/test/a-message.js';
import type { OutgoingAttachment } from './attachments/outgoing.js';
import { piecesOf, type Piece, type AttachmentPreparer } from './message-pieces.js';

const LOST: Degradation = { feature: 'media', level: 0, rule: 'words in its place', by: 'matrix' };

function saying(...parts: LeafPart[]): MessageEvent {
  const [only, ...more] = parts;
  const body: Part =
    only && more.length === 0
      ? only
      : { kind: 'multi', disposition: 'render', semantics: 'processAll', parts };
  return aMessage('x', { data: { ...aMessage().data, content: { body } } });
}

const picture = (filename: string): ExternalPart => ({
  kind: 'external',
  disposition: 'attachment',
  contentType: 'image/png',
  url: `hub-media:xmpp/${'a'.repeat(43)}` as NonNullable<ExternalPart['url']>,
  filename,
});

function aNetwork(over: Partial<Capabilities> = {}): Capabilities {
  return {
    version: '1',
    language: 'en',
    features: levels(2),
    media: { image: {}, file: {}, captions: true },
    limits: { textLength: 20 },
    ...over,
  };
}
const withoutCaptions = aNetwork({ media: { image: {}, file: {} } });

/** Prepares everything; what is named in `lost` becomes words, and at what is named in `away` the store is away. */
function aWorkshop({ lost = [], away = [] }: { lost?: string[]; away?: string[] } = {}) {
  const disposed: string[] = [];
  const asked: ExternalPart[] = [];
  const medium = (part: ExternalPart, as: OutgoingAttachment['as']): OutgoingAttachment => {
    const filename = part.filename ?? '?';
    const file = new MediaFile(`/nowhere/${filename}`, {
      contentType: part.contentType,
      size: 1,
      sha256: '',
      filename,
      meta: {},
    });
    file[Symbol.asyncDispose] = () => Promise.resolve(void disposed.push(filename));
    return { file, as, part };
  };
  const media: AttachmentPreparer = {
    pauseTransfersForText: () => undefined,
    instead: () => Promise.reject(new Error('nothing is refused in these plays')),
    prepare: (_, part) => {
      asked.push(part);
      const name = part.filename ?? '?';
      if (away.includes(name)) return Promise.reject(new HubError('91', 'the store is away'));
      if (lost.includes(name) || part.url === undefined)
        return Promise.resolve({
          act: 'words',
          words: plainText(`(${name})`),
          failure: part.url === undefined ? '106' : '107',
          degradations: [LOST],
        });
      return Promise.resolve({ act: 'medium', medium: medium(part, 'image'), degradations: [] });
    },
    ofText: (part, filename) => {
      if (away.includes(filename)) return Promise.reject(new HubError('96', 'the disk is full'));
      const external: ExternalPart = { ...picture(filename), contentType: part.contentType };
      return Promise.resolve(medium(external, 'file'));
    },
  };
  return { media, disposed, asked };
}

/** [what its key adds to the id, its medium, its words] */
function told(pieces: Piece[]): [string, string | undefined, string][] {
  return pieces.map(({ key, event, medium }) => [
    key.replace(event.id, ''),
    medium?.file.filename,
    wordsOf(event.data.content.body),
  ]);
}

async function pieces(event: MessageEvent, to = aNetwork(), media = aWorkshop().media) {
  return told((await piecesOf(event, to, media)).pieces);
}

describe('words', () => {
  test('alone are the message as it was', async () => {
    const event = saying(plainText('hello'));
    await expect(piecesOf(event, aNetwork(), aWorkshop().media)).resolves.toEqual({
      pieces: [{ key: event.id, event }],
      degradations: [],
      failure: undefined,
    });
  });

  test('of several parts are said together', async () => {
    expect(await pieces(saying(plainText('one'), plainText('two')))).toEqual([['', undefined, 'one\ntwo']]);
  });

  test('too long are split, each piece under its own key', async () => {
    const event = saying(markdownText('one two three four five six'));
    const { pieces: split } = await piecesOf(event, aNetwork(), aWorkshop().media);
    expect(told(split)).toEqual([
      ['', undefined, 'one two three four'],
      ['-1', undefined, 'five six'],
    ]);
    const types = split.flatMap(({ event: { data } }) => leaves(data.content.body));
    expect(types).toEqual([
      expect.objectContaining({ contentType: MARKDOWN }),
      expect.objectContaining({ contentType: MARKDOWN }),
    ]);
  });

  test('none at all are a message all the same', async () => {
    expect(await pieces(saying({ kind: 'null', disposition: 'unspecified' }))).toEqual([['', undefined, '']]);
  });
});

describe('where a medium can have a caption', () => {
  test('both are one message', async () => {
    expect(await pieces(saying(picture('cat.png'), plainText('my cat')))).toEqual([
      ['', 'cat.png', 'my cat'],
    ]);
  });

  test('a medium alone has none', async () => {
    expect(await pieces(saying(picture('cat.png')))).toEqual([['', 'cat.png', '']]);
  });

  test('of a long one, the rest follows', async () => {
    expect(await pieces(saying(picture('cat.png'), plainText('one two three four five six')))).toEqual([
      ['', 'cat.png', 'one two three four '],
      ['-1', undefined, 'five six'],
    ]);
  });

  test('two media are two messages, and the words a third', async () => {
    const event = saying(picture('cat.png'), plainText('and'), picture('dog.png'));
    expect(await pieces(event)).toEqual([
      ['', 'cat.png', ''],
      ['-p1', undefined, 'and'],
      ['-p2', 'dog.png', ''],
    ]);
  });

  test('a medium that becomes words is said with the others', async () => {
    const { media } = aWorkshop({ lost: ['cat.png'] });
    const event = saying(picture('cat.png'), plainText('my cat'));
    await expect(piecesOf(event, aNetwork(), media)).resolves.toMatchObject({
      failure: '107',
      degradations: [LOST],
    });
    expect(await pieces(event, aNetwork(), media)).toEqual([['', undefined, '(cat.png)\nmy cat']]);
  });
});

describe('where a medium can have no caption', () => {
  const event = saying(picture('cat.png'), plainText('one two three four five six'), picture('dog.png'));

  test('long words before a picture keep out of its key', async () => {
    const event = saying(plainText('one two three four five six'), picture('cat.png'));
    const keys = (await pieces(event, withoutCaptions)).map(([key]) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(2);
  });

  test('each part is a message, under its own key', async () => {
    expect(await pieces(saying(picture('cat.png'), plainText('my cat')), withoutCaptions)).toEqual([
      ['', 'cat.png', ''],
      ['-p1', undefined, 'my cat'],
    ]);
  });

  test('and a long one several', async () => {
    expect(await pieces(event, withoutCaptions)).toEqual([
      ['', 'cat.png', ''],
      ['-p1', undefined, 'one two three four '],
      ['-p1-1', undefined, 'five six'],
      ['-p2', 'dog.png', ''],
    ]);
  });

  test('a medium that is words at the next attempt leaves all other keys as they were', async () => {
    const { media } = aWorkshop({ lost: ['cat.png'] });
    const first = await pieces(event, withoutCaptions);
    const second = await pieces(event, withoutCaptions, media);
    expect(second[0]).toEqual(['', undefined, '(cat.png)']);
    expect(second.slice(1)).toEqual(first.slice(1));
  });

  test('so it is for one medium and its words', async () => {
    const one = saying(picture('cat.png'), plainText('my cat'));
    expect(await pieces(one, withoutCaptions, aWorkshop({ lost: ['cat.png'] }).media)).toEqual([
      ['', undefined, '(cat.png)'],
      ['-p1', undefined, 'my cat'],
    ]);
  });
});

describe('what does not come', () => {
  test('of more than ten media, the others are announced', async () => {
    const { media, asked } = aWorkshop();
    const many = Array.from({ length: 12 }, (_, at) => picture(`${at}.png`));
    const result = await piecesOf(saying(...many), aNetwork(), media);
    expect(asked.map(({ url }) => url !== undefined)).toEqual([
      ...Array<boolean>(10).fill(true),
      false,
      false,
    ]);
    expect(told(result.pieces).slice(9)).toEqual([
      ['-p9', '9.png', ''],
      ['-p10', undefined, '(10.png)'],
      ['-p11', undefined, '(11.png)'],
    ]);
    expect(result).toMatchObject({ failure: '106', degradations: [LOST, LOST] });
  });

  test('is reported with its first reason, also if the switch gave it', async () => {
    const event = saying(picture('cat.png'), picture('dog.png'));
    const before: Degradation = { ...LOST, code: '105', by: 'switch' };
    const announced = { ...event, data: { ...event.data, degradations: [before] } };
    const { media } = aWorkshop({ lost: ['dog.png'] });
    await expect(piecesOf(event, aNetwork(), media)).resolves.toMatchObject({ failure: '107' });
    await expect(piecesOf(announced, aNetwork(), media)).resolves.toMatchObject({
      failure: '105',
      degradations: [before, LOST],
    });
  });

  test('when the second cannot be prepared, nothing of the first is left', async () => {
    const { media, disposed, asked } = aWorkshop({ away: ['dog.png'] });
    const event = saying(picture('cat.png'), plainText('and'), picture('dog.png'), picture('owl.png'));
    await expect(piecesOf(event, aNetwork(), media)).rejects.toMatchObject({ code: '91' });
    expect(disposed).toEqual(['cat.png']);
    expect(asked).toHaveLength(2);
  });

  test('when all can, nothing is taken away', async () => {
    const { media, disposed } = aWorkshop();
    await piecesOf(saying(picture('cat.png'), picture('dog.png')), aNetwork(), media);
    expect(disposed).toEqual([]);
  });
});

describe('a card', () => {
  const card = cardPart({ name: 'Li/Lei', phone: '13800138000' });
  const filesOnly = aNetwork({ features: levels(2, { card: 1 }) });

  test('is a file where there are files and no cards', async () => {
    expect(await pieces(saying(card), filesOnly)).toEqual([['', 'Lei.vcf', '']]);
    expect(await pieces(saying(cardPart({ name: '' })), filesOnly)).toEqual([['', 'contact.vcf', '']]);
  });

  test('is itself where there are cards, or no files', async () => {
    for (const to of [aNetwork(), aNetwork({ features: levels(2, { card: 1 }), media: { image: {} } })]) {
      const { pieces: said } = await piecesOf(saying(card), to, aWorkshop().media);
      expect(said.map(({ event, medium }) => [event.data.content.body, medium])).toEqual([[card, undefined]]);
    }
  });

  test('and a picture are two messages', async () => {
    expect(await pieces(saying(picture('cat.png'), card), filesOnly)).toEqual([
      ['', 'cat.png', ''],
      ['-p1', 'Lei.vcf', ''],
    ]);
  });

  test('that cannot be written leaves nothing of the picture', async () => {
    const { media, disposed } = aWorkshop({ away: ['Lei.vcf'] });
    await expect(piecesOf(saying(picture('cat.png'), card), filesOnly, media)).rejects.toMatchObject({
      code: '96',
    });
    expect(disposed).toEqual(['cat.png']);
  });
});
