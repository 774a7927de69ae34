import fc from 'fast-check';
import type { NativeAttachment } from '#adapter-kit';
import { EMPTY, placeOf, plainText, wordsOf, type MediaMeta } from '#protocol';
import { readCopy, type YunxinAct } from './to-canonical.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

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
const medium = (contentType: string, filename?: string, meta: MediaMeta = {}): NativeAttachment => ({
  source: { url: 'https://nos/1' },
  disposition: 'attachment',
  contentType,
  ...(filename === undefined ? {} : { filename }),
  meta,
});

describe('a message', () => {
  test('as text', () => {
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

  test('of a custom type becomes its text, or a text that names the type', () => {
    expect(copy({ msgType: 'CUSTOM', body: 'hi' })).toMatchObject({ part: plainText('hi') });
    expect(attached('CUSTOM', { dice: 6 })).toMatchObject({
      part: plainText('（发送了无法在此显示的内容：CUSTOM）{"dice":6}'),
    });
  });

  test.each([
    ['a tip', { msgType: 'TIPS', body: '你已不是对方好友' }, 'TIPS）你已不是对方好友'],
    [
      'a notification',
      { msgType: 'NOTIFICATION', body: '', attach: '{"id":3,"data":{}}' },
      'NOTIFICATION）{"id":3,"data":{}}',
    ],
    ['a robot', { msgType: 'ROBOT', body: '', attach: '{"msg":"点这里"}' }, 'ROBOT）点这里'],
    ['a type of tomorrow', { msgType: 'HOLOGRAM' }, 'HOLOGRAM）你好 👋'],
    ['no type', { msgType: null }, '?）你好 👋'],
    ['words that are none', { body: 7, msgType: 'TEXT' }, '7'],
    ['an empty text', { body: '' }, 'TEXT）'],
  ])('that is %s says what it was', (_, over, words) => {
    const act = copy(over);
    expect(act.act === 'message' && wordsOf(act.part).endsWith(words)).toBe(true);
  });

  test.each([
    ['a number beyond what a number holds', '1152921504606846977'],
    ['a small number', '7'],
  ])('whose id is %s keeps it to the digit', (_, id) => {
    expect(readCopy(JSON.stringify(COPY).replace('"1152921504606846977"', id))).toMatchObject({ id });
  });

  test('without an id gets an id from its content', () => {
    const one = copy({ msgidServer: '', msgidClient: '' });
    expect(one).toMatchObject({ act: 'message', id: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    expect(copy({ msgidServer: '', msgidClient: '' })).toEqual(one);
    expect(copy({ msgidServer: {} })).toMatchObject({ id: '{}' });
  });
});

describe('not for remote people', () => {
  test.each([
    ['the probe of the console', '{}', 'probe'],
    ['a login', JSON.stringify({ eventType: '2', accid: 'lin', clientType: 'AOS', code: '200' }), 'login'],
    [
      'what is said in a team without ghosts',
      JSON.stringify({ ...COPY, to: '7', convType: 'TEAM', tMembers: '["lin"]' }),
      'own-people',
    ],
    ['a signal', JSON.stringify({ ...COPY, convType: 'CUSTOM_PERSON', msgType: 'CUSTOM_P2P_MSG' }), 'signal'],
    ['between two people of the network', JSON.stringify({ ...COPY, to: 'bo' }), 'own-people'],
    ['what our own ghost said', JSON.stringify({ ...COPY, fromAccount: 'hutong_4567' }), 'own-ghost'],
  ])('%s', (_, body, why) => {
    expect(readCopy(body)).toEqual({ act: 'ignored', why });
  });
});

describe('copies that cannot be forwarded', () => {
  test.each([
    ['a message to nobody', JSON.stringify({ ...COPY, to: '' }), 'unreadable'],
    ['a message from nobody', JSON.stringify({ ...COPY, fromAccount: null }), 'unreadable'],
    ['an event of tomorrow', JSON.stringify({ ...COPY, eventType: '7' }), 'event-type'],
    [
      'a team with a ghost in it',
      JSON.stringify({ ...COPY, to: '7', convType: 'TEAM', tMembers: '["hutong_0123"]' }),
      'team-message',
    ],
    ...['', 'hello', '{"eventType":"1"', 'null', '7', '[]', '"x"', '{"eventType":1}', '{"body":{}}'].map(
      (body): [string, string, string] => [`"${body}"`, body, 'unreadable'],
    ),
  ])('%s is recorded', (_, body, kind) => {
    expect(readCopy(body)).toMatchObject({ act: 'lost', kind });
  });

  test('of bodies of anything none is an error, and none to a ghost is passed over', () => {
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
        const act = readCopy(body);
        let answer: string = act.act;
        if (act.act === 'message') {
          expect(act.sentAt.getTime()).not.toBeNaN();
          if (act.medium) answer = 'medium';
          expect(act.part.kind === 'null').toBe(act.medium !== undefined);
        }
        seen[answer] = (seen[answer] ?? 0) + 1;
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(Object.keys(seen).sort()).toEqual(['ignored', 'lost', 'medium', 'message']);
  });
});
