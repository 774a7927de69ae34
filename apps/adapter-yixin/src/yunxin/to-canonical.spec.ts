import fc from 'fast-check';
import type { NativeMedia } from '#adapter-kit';
import { EMPTY, placeOf, plainText, type MediaMeta } from '#protocol';
import { readCopy, type YunxinAct } from './to-canonical.js';

/** As Yunxin copies a message between two people: all values are strings. */
const COPY = {
  eventType: '1',
  convType: 'PERSON',
  to: 'hutong_0123',
  fromAccount: 'lin',
  fromClientType: 'AOS',
  fromDeviceId: 'd1',
  fromNick: '林',
  msgTimestamp: '1700000000123',
  msgType: 'TEXT',
  body: '你好 👋',
  attach: '',
  msgidClient: '5b9c',
  msgidServer: '1152921504606846977',
  resendFlag: '0',
};

const copy = (over: Record<string, unknown> = {}): YunxinAct =>
  readCopy(JSON.stringify({ ...COPY, ...over }));
const attached = (msgType: string, attach: unknown) =>
  copy({ msgType, body: '', attach: JSON.stringify(attach) });
const medium = (contentType: string, filename?: string, meta: MediaMeta = {}): NativeMedia => ({
  source: { url: 'https://nos/1' },
  disposition: 'attachment',
  contentType,
  ...(filename === undefined ? {} : { filename }),
  meta,
});

describe('a message', () => {
  test('in words', () => {
    expect(copy()).toEqual({
      act: 'message',
      id: '1152921504606846977',
      from: 'lin',
      nick: '林',
      to: 'hutong_0123',
      sentAt: new Date(1_700_000_000_123),
      part: plainText('你好 👋'),
    });
  });

  test('that was sent again is the same one', () => {
    expect(copy({ resendFlag: '1' })).toEqual(copy());
  });

  test('of somebody without a name', () => {
    expect(copy({ fromNick: '' })).toMatchObject({ nick: undefined });
    expect(copy({ fromNick: undefined })).toMatchObject({ nick: undefined });
  });

  test.each([undefined, '', 'now', '0', '-5'])('at the time "%s" was sent just now', (msgTimestamp) => {
    const act = copy({ msgTimestamp });
    expect(act.act === 'message' && Math.abs(act.sentAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test.each([
    [
      'a picture',
      'PICTURE',
      { name: 'cat.jpg', md5: 'm', url: 'https://nos/1', ext: 'jpg', w: 6, h: 5, size: 4 },
      medium('image/*', 'cat.jpg'),
    ],
    [
      'a voice',
      'AUDIO',
      { dur: 4551, md5: 'm', url: 'https://nos/1', ext: 'aac', size: 9 },
      medium('audio/*', undefined, { voice: true, durationMs: 4551 }),
    ],
    [
      'a video',
      'VIDEO',
      { dur: 8003, md5: 'm', url: 'https://nos/1', w: 1, h: 1, size: 9 },
      medium('video/*', undefined, { durationMs: 8003 }),
    ],
    [
      'a file',
      'FILE',
      { name: 'a.doc', md5: 'm', url: 'https://nos/1', ext: 'doc', size: 9 },
      medium('application/octet-stream', 'a.doc'),
    ],
    [
      'a file with an endless name',
      'FILE',
      { name: 'a'.repeat(300), url: 'https://nos/1' },
      medium('application/octet-stream', 'a'.repeat(255)),
    ],
    [
      'a voice that lasted for fractions, in writing',
      'AUDIO',
      { dur: '4551.4', url: 'https://nos/1' },
      medium('audio/*', undefined, { voice: true, durationMs: 4551 }),
    ],
    [
      'a voice that ended before it began',
      'AUDIO',
      { dur: -1, url: 'https://nos/1' },
      medium('audio/*', undefined, { voice: true }),
    ],
  ])('that is %s', (_, msgType, attach, said) => {
    const act = attached(msgType, attach);
    expect(act).toMatchObject({ act: 'message', from: 'lin', part: EMPTY });
    expect(act.act === 'message' && act.medium).toEqual(said);
  });

  test.each([{}, { url: 7 }, { url: null }, { url: ['https://nos/1'] }])(
    'that is a picture at %j is at no address',
    (attach) => {
      expect(attached('PICTURE', attach)).toMatchObject({ medium: { source: { url: '' } } });
    },
  );

  test.each(['', '{', '7', 'null', '[]', '"x"', undefined])(
    'that is a picture with "%s" attached is a picture',
    (attach) => {
      expect(copy({ msgType: 'PICTURE', attach })).toMatchObject({
        part: EMPTY,
        medium: { ...medium('image/*'), source: { url: '' } },
      });
    },
  );

  test.each([
    ['with a name', { title: '杭州 网商路', lng: 120.19, lat: 30.18 }, '杭州 网商路'],
    ['without a name', { lng: 120.19, lat: 30.18 }, undefined],
    ['whose numbers are strings', { title: 'x', lng: '120.19', lat: '30.18' }, 'x'],
  ])('that is a place %s', (_, attach, label) => {
    const act = attached('LOCATION', attach);
    expect(act.act === 'message' && act.part.kind === 'single' && placeOf(act.part)).toEqual({
      latitude: 30.18,
      longitude: 120.19,
      label,
    });
  });

  test.each([
    ['north of the pole', { lng: 0, lat: 90.1 }],
    ['around the world', { lng: 180.1, lat: 0 }],
    ['nowhere', {}],
    ['in words', { lng: 'here', lat: 'there' }],
  ])('that is a place %s still shows that something was said', (_, attach) => {
    const act = attached('LOCATION', attach);
    expect(act).toMatchObject({ part: plainText('（位置）') });
    expect(act).not.toHaveProperty('medium');
  });

  test('of its own kind is its words, or shows that something was said', () => {
    expect(copy({ msgType: 'CUSTOM', body: 'hi' })).toMatchObject({ part: plainText('hi') });
    expect(attached('CUSTOM', { dice: 6 })).toMatchObject({ part: plainText('{"dice":6}') });
  });
});

describe('nothing to us', () => {
  test.each([
    ['the probe of the console', '{}'],
    ['a login', JSON.stringify({ eventType: '2', accid: 'lin', clientType: 'AOS', code: '200' })],
    ['what is said in a team', JSON.stringify({ ...COPY, convType: 'TEAM', tMembers: '["lin"]' })],
    ['a signal', JSON.stringify({ ...COPY, convType: 'CUSTOM_PERSON', msgType: 'CUSTOM_P2P_MSG' })],
    ['a notification', JSON.stringify({ ...COPY, msgType: 'NOTIFICATION' })],
    ['a type of tomorrow', JSON.stringify({ ...COPY, msgType: 'HOLOGRAM' })],
    ['a message to nobody', JSON.stringify({ ...COPY, to: '' })],
    ['a message from nobody', JSON.stringify({ ...COPY, fromAccount: '' })],
  ])('%s', (_, body) => {
    expect(readCopy(body)).toEqual({ act: 'nothing' });
  });
});

describe('what is no copy', () => {
  const malformed = expect.objectContaining({ name: 'HubError', code: '30' }) as Error;

  test.each(['', 'hello', '{"eventType":"1"', 'null', '7', '[]', '"x"', '{"eventType":1}', '{"body":{}}'])(
    '%s is refused with 30',
    (body) => {
      expect(() => readCopy(body)).toThrow(malformed);
    },
  );

  test('100,000 bodies of anything are acts or 30', () => {
    const names = fc.constantFrom(...(Object.keys(COPY) as (keyof typeof COPY)[]), '__proto__');
    const texts = ['', '1', 'PERSON', 'TEXT', 'PICTURE', 'LOCATION', '{"lat":1,"lng":2}', '[]', '\u0000'];
    const values = fc.constantFrom<unknown>(...texts, 7, null, true, {}, []);
    const changed = fc
      .array(fc.tuple(names, values), { maxLength: 3 })
      .map((pairs) => JSON.stringify({ ...COPY, ...Object.fromEntries(pairs) }));
    const cut = fc.tuple(changed, fc.nat(60)).map(([text, at]) => text.slice(0, at));
    const noise = fc.json({ depthSize: 'xsmall', maxDepth: 1 });
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: changed }, cut, noise), (body) => {
        let answer = 'refused';
        try {
          const act = readCopy(body);
          answer = act.act;
          if (act.act === 'message') {
            expect(act.sentAt.getTime()).not.toBeNaN();
            if (act.medium) answer = 'medium';
            expect(act.part.kind === 'null').toBe(act.medium !== undefined);
          }
        } catch (error) {
          expect(error).toMatchObject({ name: 'HubError', code: '30' });
        }
        seen[answer] = (seen[answer] ?? 0) + 1;
      }),
      { numRuns: 100_000 },
    );
    expect(Object.keys(seen).sort()).toEqual(['medium', 'message', 'nothing', 'refused']);
  });
});
