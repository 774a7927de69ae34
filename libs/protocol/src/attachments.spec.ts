import fc from 'fast-check';
import { network } from './address.js';
import {
  cleanName,
  fits,
  mediaKindOf,
  mediaPlace,
  MediaUrl,
  mediaUrl,
  planMedia,
  type MediaFacts,
  type MediaMeta,
  type MediaPlan,
  type MediaRules,
} from './attachments.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const OBJECT = 'Aa0_-'.padEnd(43, 'x');
const aMedium = (contentType: string, size = 100, meta: MediaMeta = {}): MediaFacts => ({
  contentType,
  size,
  meta,
});
const aVoice = (contentType = 'audio/ogg', durationMs = 1000, size = 100) =>
  aMedium(contentType, size, { voice: true, durationMs });

describe('the kind of an attachment', () => {
  test.each([
    ['image/png', {}, 'image'],
    ['video/mp4', {}, 'video'],
    ['audio/ogg', { voice: true }, 'voice'],
    ['audio/mpeg', {}, 'file'],
    ['audio/mpeg', { voice: false }, 'file'],
    ['application/pdf', {}, 'file'],
    ['image', {}, 'image'],
    ['', {}, 'file'],
  ])('%s %j: %s', (contentType, meta, kind) => {
    expect(mediaKindOf({ contentType, meta })).toBe(kind);
  });
});

describe('attachments that a rule accepts', () => {
  const picture = aMedium('image/png', 100);

  test.each([
    ['no rule but that it is', {}, true],
    ['its type among others', { types: ['image/gif', 'image/png'] }, true],
    ['other types', { types: ['image/gif'] }, false],
    ['no type at all', { types: [] }, false],
    ['as many bytes as it has', { maxBytes: 100 }, true],
    ['a byte less', { maxBytes: 99 }, false],
  ])('%s', (_, rule, taken) => {
    expect(fits(picture, rule)).toBe(taken);
  });

  test('a voice for as long as it may be; of one that says nothing of its length, it is believed', () => {
    expect(fits(aVoice('audio/ogg', 60_000), { maxMs: 60_000 })).toBe(true);
    expect(fits(aVoice('audio/ogg', 60_001), { maxMs: 60_000 })).toBe(false);
    expect(fits(aMedium('audio/ogg'), { maxMs: 60_000 })).toBe(true);
  });
});

describe('how a medium goes into a network', () => {
  const jpeg = { types: ['image/jpeg'], maxBytes: 1000 };
  const amr = { types: ['audio/amr'], maxBytes: 1000, maxMs: 60_000 };
  const file = { maxBytes: 5000 };

  test.each<[string, MediaFacts, MediaRules, MediaPlan]>([
    ['a picture that fits, as it is', aMedium('image/jpeg'), { image: jpeg }, { act: 'send', as: 'image' }],
    [
      'a picture that fits is not converted, though it could be',
      aMedium('image/jpeg'),
      { image: jpeg, converts: ['image'] },
      { act: 'send', as: 'image' },
    ],
    [
      'a picture of another type, converted',
      aMedium('image/heic'),
      { image: jpeg, file, converts: ['image'] },
      { act: 'convert', as: 'image', rule: jpeg },
    ],
    [
      'a picture too large, converted',
      aMedium('image/jpeg', 1001),
      { image: jpeg, file, converts: ['image'] },
      { act: 'convert', as: 'image', rule: jpeg },
    ],
    [
      'a picture that this machine cannot convert, as a file',
      aMedium('image/heic'),
      { image: jpeg, file, converts: ['voice'] },
      { act: 'send', as: 'file' },
    ],
    [
      'a picture where there are only files',
      aMedium('image/heic'),
      { file, converts: ['image'] },
      { act: 'send', as: 'file' },
    ],
    [
      'a picture too large for anything',
      aMedium('image/jpeg', 5001),
      { image: jpeg, file },
      { act: 'link', why: '105' },
    ],
    [
      'a picture of a type that nothing takes',
      aMedium('image/heic'),
      { image: jpeg },
      { act: 'link', why: '106' },
    ],
    [
      'a picture of another type, and too large for a file',
      aMedium('image/heic', 5001),
      { image: jpeg, file },
      { act: 'link', why: '105' },
    ],
    ['a picture where there are no media', aMedium('image/jpeg'), {}, { act: 'link', why: '106' }],
    ['a voice that fits', aVoice('audio/amr'), { voice: amr }, { act: 'send', as: 'voice' }],
    [
      'a voice of another type, converted',
      aVoice(),
      { voice: amr, converts: ['voice'] },
      { act: 'convert', as: 'voice', rule: amr },
    ],
    [
      'a voice too long is not converted: as a file',
      aVoice('audio/amr', 60_001),
      { voice: amr, file, converts: ['voice'] },
      { act: 'send', as: 'file' },
    ],
    [
      'a voice too long where there are no files',
      aVoice('audio/amr', 60_001),
      { voice: amr, converts: ['voice'] },
      { act: 'link', why: '105' },
    ],
    [
      'audio that is no voice, as a file',
      aMedium('audio/mpeg'),
      { voice: amr, file, converts: ['voice'] },
      { act: 'send', as: 'file' },
    ],
    [
      'audio that is no voice, where there are no files: as a voice after all',
      aMedium('audio/mpeg'),
      { voice: amr, converts: ['voice'] },
      { act: 'convert', as: 'voice', rule: amr },
    ],
    [
      'audio that is no voice and fits one',
      aMedium('audio/amr'),
      { voice: amr },
      { act: 'send', as: 'voice' },
    ],
    [
      'a video is never converted: as a file',
      aMedium('video/webm'),
      { video: { types: ['video/mp4'] }, file, converts: ['image', 'voice'] },
      { act: 'send', as: 'file' },
    ],
    [
      'a file is not tried as anything else',
      aMedium('application/pdf'),
      { image: {}, voice: {}, video: {}, converts: ['image', 'voice'] },
      { act: 'link', why: '106' },
    ],
    ['a file too large', aMedium('application/pdf', 5001), { image: {}, file }, { act: 'link', why: '105' }],
  ])('%s', (_, facts, rules, plan) => {
    expect(planMedia(facts, rules)).toEqual(plan);
  });
});

describe('the name of a file', () => {
  const RLO = '\u202e';

  test.each([
    ['cat.jpg', 'cat.jpg'],
    ['我的 猫.jpg', '我的 猫.jpg'],
    ['👩‍👩‍👧.png', '👩👩👧.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\cat.jpg', 'cat.jpg'],
    ['folder/', 'folder'],
    ['.htaccess', 'htaccess'],
    ['cat.jpg. . .', 'cat.jpg'],
    ['cat\u0000\r\n\u007f\u0085.jpg', 'cat.jpg'],
    [`cat${RLO}gpj.exe`, 'catgpj.exe'],
    ['cat\u2066\u200b\ufeff\u2028\u2029.jpg', 'cat.jpg'],
    ['cat\ud800.j\udc00pg', 'cat.jpg'],
    ['a*b?c"d<e>f|g:h.txt', 'abcdefgh.txt'],
  ])('%j is %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });

  test.each([undefined, '', '.', '..', '/', '\\\\', ' . . ', '../..', '\u0000', RLO, '\ud800', '***'])(
    '%j: nothing is left',
    (name) => {
      expect(cleanName(name)).toBeUndefined();
    },
  );

  test('of 1,000 characters keeps its ending', () => {
    const clean = cleanName(`${'猫'.repeat(1000)}.jpeg`) ?? '';
    expect(clean).toBe(`${'猫'.repeat(115)}.jpeg`);
    expect(Array.from(cleanName(`${'👍'.repeat(1000)}.gz`) ?? '')).toHaveLength(120);
    expect(cleanName('a'.repeat(1000))).toBe('a'.repeat(120));
    expect(cleanName(`a.${'b'.repeat(500)}`)).toBe(`a.${'b'.repeat(118)}`);
  });

  test('of a million dots and spaces costs no more than its length', () => {
    expect(cleanName(`a${' .'.repeat(500_000)}b.txt`)).toBe('b.txt');
  });

  test('of 120 is left as it is', () => {
    const name = `${'a'.repeat(116)}.jpg`;
    expect(cleanName(name)).toBe(name);
    expect(cleanName(`a${name}`)).toBe(name);
  });

  test('is safe for any input', () => {
    const hostile = fc.constantFrom(
      '/',
      '\\',
      '..',
      '.',
      ' ',
      '\n',
      '\u0000',
      RLO,
      '\ud83d',
      '\udc4d',
      ':',
      '猫',
    );
    const names = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
      fc
        .array(fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 5 })), {
          maxLength: 150,
          size: 'max',
        })
        .map((parts) => parts.join('')),
    );
    let longest = 0;
    fc.assert(
      fc.property(names, (name) => {
        const clean = cleanName(name);
        if (clean === undefined) return;
        const points = Array.from(clean).length;
        longest = Math.max(longest, points);
        const isClean =
          !/[/\\\p{Cc}\p{Cf}\p{Cs}]/u.test(clean) && clean.isWellFormed() && !/^[.\s]/.test(clean);
        if (!isClean || points < 1 || points > 120) throw new Error(`not clean: ${JSON.stringify(clean)}`);
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(longest).toBe(120);
  });
});

describe('the address of an object', () => {
  const place = { network: network('matrix'), object: OBJECT };

  test('says where it is', () => {
    expect(mediaUrl(place)).toBe(`hub-media:matrix/${OBJECT}`);
    expect(mediaPlace(mediaUrl(place))).toEqual(place);
  });

  test('of any network and object comes back as it was', () => {
    const letters = (from: string) => fc.constantFrom(...Array.from(from));
    const rest = 'abcdefghijklmnopqrstuvwxyz0123456789-';
    const object = fc.string({ unit: letters(`${rest}_ABCXYZ`), minLength: 43, maxLength: 43 });
    const name = fc
      .tuple(letters('abcxyz'), fc.string({ unit: letters(rest), maxLength: 30 }))
      .map(([first, more]) => first + more);
    fc.assert(
      fc.property(name, object, (of, held) => {
        const there = { network: of as typeof place.network, object: held };
        expect(mediaPlace(mediaUrl(there))).toEqual(there);
      }),
    );
  });

  test.each([
    'https://example.org/cat.jpg',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'mxc://example.org/cat',
    `hub-media://matrix/${OBJECT}`,
    `HUB-MEDIA:matrix/${OBJECT}`,
    `hub-media:Matrix/${OBJECT}`,
    `hub-media:/${OBJECT}`,
    `hub-media:0matrix/${OBJECT}`,
    `hub-media:${'a'.repeat(32)}/${OBJECT}`,
    `hub-media:matrix/${OBJECT.slice(1)}`,
    `hub-media:matrix/${OBJECT}x`,
    `hub-media:matrix/${OBJECT}\n`,
    ` hub-media:matrix/${OBJECT}`,
    `hub-media:matrix/../${OBJECT.slice(3)}`,
    `hub-media:matrix/x/${OBJECT.slice(2)}`,
    `hub-media:matrix/${OBJECT.slice(1)}.`,
    `hub-media:matrix/${OBJECT}?x`,
    '',
  ])('%j is none', (address) => {
    expect(MediaUrl.safeParse(address).success).toBe(false);
  });

  test('is not made for an invalid object', () => {
    expect(() => mediaUrl({ ...place, object: '../secret' })).toThrow('expected hub-media:');
  });
});
