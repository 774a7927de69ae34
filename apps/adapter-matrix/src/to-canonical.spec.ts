import fc from 'fast-check';
import type { NativeAttachment } from '#adapter-kit';
import { EMPTY, locationPart, markdownText, plainText, type MediaMeta } from '#protocol';
import { MatrixEvent } from './matrix.events.js';
import { readAvailability, readEvent, withoutReplyFallback } from './to-canonical.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

function message(content: object, type = 'm.room.message'): MatrixEvent {
  return { type, content: content as Record<string, unknown> };
}
const text = (body: string) => ({ msgtype: 'm.text', body });

const CAT = 'mxc://example.org/cat';
const aFile = (contentType: string, filename?: string, meta: MediaMeta = {}): NativeAttachment => ({
  source: { mxc: CAT },
  disposition: 'attachment',
  contentType,
  ...(filename === undefined ? {} : { filename }),
  meta,
});

describe('a room event, as an act', () => {
  test.each([
    ['text', message(text('hi')), { act: 'message', body: plainText('hi') }],
    [
      'an emote',
      message({ msgtype: 'm.emote', body: 'waves' }),
      { act: 'message', body: plainText('/me waves') },
    ],
    [
      'HTML',
      message({ ...text('hi'), format: 'org.matrix.custom.html', formatted_body: '<b>hi</b>' }),
      { act: 'message', body: markdownText('**hi**') },
    ],
    [
      'HTML that formats nothing',
      message({ ...text('hi'), format: 'org.matrix.custom.html', formatted_body: 'hi' }),
      { act: 'message', body: plainText('hi') },
    ],
    [
      'an image',
      message({ msgtype: 'm.image', body: 'cat.jpg', url: CAT, info: { mimetype: 'image/jpeg', w: 6 } }),
      { act: 'message', body: EMPTY, media: aFile('image/jpeg', 'cat.jpg') },
    ],
    [
      'an image of which nothing is said',
      message({ msgtype: 'm.image', url: CAT, body: '' }),
      { act: 'message', body: EMPTY, media: aFile('image/*') },
    ],
    [
      'an image with a caption',
      message({ msgtype: 'm.image', url: CAT, body: 'my cat', filename: 'cat.jpg' }),
      { act: 'message', body: plainText('my cat'), media: aFile('image/*', 'cat.jpg') },
    ],
    [
      'an image with a caption in HTML',
      message({
        msgtype: 'm.image',
        url: CAT,
        body: 'my cat',
        filename: 'cat.jpg',
        format: 'org.matrix.custom.html',
        formatted_body: 'my <b>cat</b>',
      }),
      { act: 'message', body: markdownText('my **cat**'), media: aFile('image/*', 'cat.jpg') },
    ],
    [
      'an image whose body is its name again',
      message({ msgtype: 'm.image', url: CAT, body: 'cat.jpg', filename: 'cat.jpg' }),
      { act: 'message', body: EMPTY, media: aFile('image/*', 'cat.jpg') },
    ],
    [
      'an image as a reply',
      message({
        msgtype: 'm.image',
        url: CAT,
        body: 'cat.jpg',
        'm.relates_to': { 'm.in_reply_to': { event_id: '$1' } },
      }),
      { act: 'message', body: EMPTY, media: aFile('image/*', 'cat.jpg'), replyTo: '$1' },
    ],
    [
      'a voice note',
      message({
        msgtype: 'm.audio',
        url: CAT,
        body: 'voice.ogg',
        info: { mimetype: 'audio/ogg', duration: 1999.6 },
        'org.matrix.msc3245.voice': {},
        'org.matrix.msc1767.audio': { duration: 2000, waveform: [0, 512, 1024] },
      }),
      {
        act: 'message',
        body: EMPTY,
        media: aFile('audio/ogg', 'voice.ogg', {
          voice: true,
          waveform: [0, 512, 1024],
          durationMs: 2000,
        }),
      },
    ],
    [
      'music, which is no voice note',
      message({ msgtype: 'm.audio', url: CAT, body: 'song.mp3', info: { duration: 7 } }),
      { act: 'message', body: EMPTY, media: aFile('audio/*', 'song.mp3', { durationMs: 7 }) },
    ],
    [
      'a video',
      message({ msgtype: 'm.video', url: CAT, body: 'cat.mp4' }),
      { act: 'message', body: EMPTY, media: aFile('video/*', 'cat.mp4') },
    ],
    [
      'a file',
      message({ msgtype: 'm.file', url: CAT, body: 'a.doc' }),
      { act: 'message', body: EMPTY, media: aFile('application/octet-stream', 'a.doc') },
    ],
    [
      'a file at no address',
      message({ msgtype: 'm.file', body: 'a.doc' }),
      {
        act: 'message',
        body: EMPTY,
        media: { ...aFile('application/octet-stream', 'a.doc'), source: { mxc: '' } },
      },
    ],
    [
      'an image with hostile facts',
      message({
        msgtype: 'm.image',
        url: CAT,
        body: 'cat.jpg',
        info: { mimetype: 'x'.repeat(201), duration: -1 },
        'org.matrix.msc1767.audio': { waveform: [1025] },
      }),
      { act: 'message', body: EMPTY, media: aFile('image/*', 'cat.jpg') },
    ],
    [
      'an encrypted image',
      message({ msgtype: 'm.image', body: 'cat.jpg', file: { url: CAT } }),
      { act: 'encrypted' },
    ],
    [
      'a sticker, with what it means',
      message({ body: 'a waving cat', url: CAT, info: { mimetype: 'image/webp' } }, 'm.sticker'),
      {
        act: 'message',
        body: EMPTY,
        media: {
          ...aFile('image/webp', 'a waving cat'),
          disposition: 'inline',
          description: 'a waving cat',
        },
      },
    ],
    [
      'a sticker that means nothing',
      message({ body: '', url: CAT }, 'm.sticker'),
      { act: 'message', body: EMPTY, media: { ...aFile('image/*'), disposition: 'inline' } },
    ],
    [
      'a location',
      message({ msgtype: 'm.location', body: 'Bell Tower', geo_uri: 'geo:39.94,116.39' }),
      { act: 'message', body: locationPart({ latitude: 39.94, longitude: 116.39, label: 'Bell Tower' }) },
    ],
    [
      'a reply',
      message({ ...text('yes'), 'm.relates_to': { 'm.in_reply_to': { event_id: '$1' } } }),
      { act: 'message', body: plainText('yes'), replyTo: '$1' },
    ],
    [
      'an edit',
      message({
        ...text('* new'),
        'm.new_content': text('new'),
        'm.relates_to': { rel_type: 'm.replace', event_id: '$1' },
      }),
      { act: 'edit', target: '$1', body: plainText('new') },
    ],
    [
      'a reaction',
      {
        type: 'm.reaction',
        content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$1', key: '👍' } },
      },
      { act: 'reaction', target: '$1', key: '👍' },
    ],
    [
      'a redaction before room version 11',
      { type: 'm.room.redaction', redacts: '$1', content: {} },
      { act: 'redaction', target: '$1' },
    ],
    [
      'a redaction since',
      { type: 'm.room.redaction', content: { redacts: '$1' } },
      { act: 'redaction', target: '$1' },
    ],
    [
      'a redacted message',
      { ...message({}), unsigned: { redacted_because: { type: 'm.room.redaction' } } },
      { act: 'redacted' },
    ],
    [
      'a message that says nothing',
      message({}),
      { act: 'refused', code: '30', why: 'a message without words' },
    ],
    ['an encrypted event', { type: 'm.room.encrypted', content: {} }, { act: 'encrypted' }],
    [
      'anything else',
      { type: 'org.example.dance', content: {} },
      { act: 'notCarried', kind: 'event', why: 'org.example.dance is not known and has no words' },
    ],
    [
      'anything else, with words for those who do not know it',
      { type: 'org.example.dance', content: { body: 'dances' } },
      { act: 'message', body: plainText('dances') },
    ],
  ])('%s', (_, event, act) => {
    expect(readEvent(event)).toEqual(act);
  });

  test('the quote of the old reply fallback is removed from the text', () => {
    expect(withoutReplyFallback('> <@a:b> earlier\n> more\n\nyes\n> kept')).toBe('yes\n> kept');
    expect(withoutReplyFallback('> only a quote')).toBe('> only a quote');
  });

  test('presence', () => {
    expect(['online', 'unavailable', 'offline', 'busy', 'x'].map(readAvailability)).toEqual([
      'available',
      'away',
      'offline',
      'dnd',
      'unknown',
    ]);
  });

  test('any event that a homeserver pushes is translated', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const types = fc.constantFrom('m.room.message', 'm.reaction', 'm.room.redaction', 'm.sticker', 'x');
    const keys = fc.constantFrom(
      'msgtype',
      'body',
      'm.relates_to',
      'm.new_content',
      'formatted_body',
      'format',
      'redacts',
      'url',
      'file',
      'filename',
      'info',
      'org.matrix.msc1767.audio',
    );
    const medium = { msgtype: 'm.image', body: 'cat.jpg', url: CAT };
    const values = fc.oneof(json, fc.constantFrom(...Object.values(medium), { duration: 1e300 }));
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(
        types,
        fc.constantFrom({}, medium),
        fc.dictionary(keys, values),
        (type, before, content) => {
          const parsed = MatrixEvent.safeParse({ type, content: { ...before, ...content } });
          if (!parsed.success) return;
          const act = readEvent(parsed.data);
          const what = 'media' in act && act.media ? 'media' : act.act;
          seen[what] = (seen[what] ?? 0) + 1;
          if (!('media' in act) || !act.media) return;
          expect(typeof act.media.source['mxc']).toBe('string');
          expect(act.media.contentType.length).toBeLessThanOrEqual(200);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
    expect(Object.keys(seen)).toEqual(
      expect.arrayContaining(['encrypted', 'media', 'message', 'notCarried', 'refused']),
    );
  });
});
