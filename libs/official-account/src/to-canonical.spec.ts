import fc from 'fast-check';
import { readXml } from '#service';
import type { NativeAttachment } from '#adapter-kit';
import { cardPart, placeOf, plainText, type LeafPart } from '#protocol';
import { readCallback, type AccountAct } from './to-canonical.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const COMMON = {
  ToUserName: 'gh_0',
  FromUserName: 'oLin',
  CreateTime: '1700000000',
};

/** A callback as the platform writes it: values in CDATA, numbers bare. */
function callback(fields: Record<string, string>): AccountAct {
  const inside = Object.entries(fields).map(
    ([name, value]) => `<${name}>${/^\d+$/.test(value) ? value : `<![CDATA[${value}]]>`}</${name}>`,
  );
  const message = readXml(`<xml>\n${inside.join('\n')}\n</xml>`);
  if (!message) throw new Error('not XML');
  return readCallback(message);
}

const message = (fields: Record<string, string>) =>
  callback({ ...COMMON, MsgId: '6054768590064713728', ...fields });
const event = (Event: string, fields: Record<string, string> = {}) =>
  callback({ ...COMMON, MsgType: 'event', Event, ...fields });

const about = { from: 'oLin', id: '6054768590064713728', sentAt: new Date(1_700_000_000_000) };
const aMedium = (
  source: Record<string, string>,
  contentType: string,
  said: Partial<NativeAttachment> = {},
): NativeAttachment => ({ source, disposition: 'attachment', contentType, ...said });
const byId = { mediaId: 'm1' };
const byUrl = { url: 'http://nos/1' };
const voice = { meta: { voice: true } };

describe('messages', () => {
  test('words', () => {
    expect(message({ MsgType: 'text', Content: ' 你好 <b>&amp; 👋\n' })).toEqual({
      act: 'message',
      ...about,
      text: ' 你好 <b>&amp; 👋\n',
    });
  });

  test('an id that exceeds the range of numbers stays unchanged', () => {
    expect(message({ MsgType: 'text', Content: 'x', MsgId: '18446744073709551615' })).toMatchObject({
      id: '18446744073709551615',
    });
  });

  test.each<[string, Record<string, string>, NativeAttachment]>([
    [
      'a picture',
      { MsgType: 'image', PicUrl: 'http://x/1', MediaId: 'm1', Recognition: 'no voice' },
      aMedium(byId, 'image/*'),
    ],
    ['a voice', { MsgType: 'voice', MediaId: 'm1', Format: 'amr' }, aMedium(byId, 'audio/*', voice)],
    [
      'a voice that was understood',
      { MsgType: 'voice', MediaId: 'm1', Format: 'amr', Recognition: '你好' },
      aMedium(byId, 'audio/*', { ...voice, description: '你好' }),
    ],
    [
      'a voice that was understood without end',
      { MsgType: 'voice', MediaId: 'm1', Recognition: '好'.repeat(3000) },
      aMedium(byId, 'audio/*', { ...voice, description: '好'.repeat(2000) }),
    ],
    ['a video', { MsgType: 'video', MediaId: 'm1', ThumbMediaId: 't1' }, aMedium(byId, 'video/*')],
    ['a short video', { MsgType: 'shortvideo', MediaId: 'm1', ThumbMediaId: 't1' }, aMedium(byId, 'video/*')],
    ['Yixin: a picture', { MsgType: 'image', PicUrl: 'http://nos/1' }, aMedium(byUrl, 'image/*')],
    [
      'Yixin: a voice',
      { MsgType: 'audio', url: 'http://nos/1', name: 'a.aac', mimeType: 'audio/aac' },
      aMedium(byUrl, 'audio/*', { ...voice, filename: 'a.aac' }),
    ],
    [
      'Yixin: a voice, spelled as by WeChat',
      { MsgType: 'voice', MediaId: 'm1', Format: 'amr' },
      aMedium(byId, 'audio/*', voice),
    ],
    [
      'Yixin: a video',
      { MsgType: 'video', url: 'http://nos/1', name: 'cat.mp4', mimeType: 'video/mp4' },
      aMedium(byUrl, 'video/*', { filename: 'cat.mp4' }),
    ],
    ['a picture that is nowhere', { MsgType: 'image' }, aMedium({ url: '' }, 'image/*')],
    [
      'a file, in no document',
      { MsgType: 'file', MediaId: 'm1', Title: 'a.doc' },
      aMedium(byId, 'application/octet-stream', { description: 'a.doc' }),
    ],
  ])('%s', (_, fields, medium) => {
    expect(message(fields)).toEqual({ act: 'medium', ...about, medium });
  });

  test.each<[string, Record<string, string>, LeafPart]>([
    [
      'a link',
      {
        MsgType: 'link',
        Title: 'Hutong',
        Description: 'An interconnection',
        Url: 'https://example.org/?a=1&b=2',
      },
      plainText('Hutong\nAn interconnection\nhttps://example.org/?a=1&b=2'),
    ],
    [
      'a link without words',
      { MsgType: 'link', Url: 'https://example.org' },
      plainText('https://example.org'),
    ],
    ['a link to nothing', { MsgType: 'link' }, plainText('（链接）')],
    [
      'a mini program',
      {
        MsgType: 'miniprogrampage',
        Title: 'Bus',
        AppId: 'wx1',
        PagePath: 'pages/index',
        ThumbUrl: 'http://t',
      },
      plainText('Bus\npages/index'),
    ],
    [
      'a card',
      { MsgType: 'card', name: '林', mobile: '13800138000' },
      cardPart({ name: '林', phone: '13800138000' }),
    ],
    ['a card of nobody', { MsgType: 'card' }, cardPart({ name: '?' })],
  ])('%s', (_, fields, part) => {
    expect(message(fields)).toEqual({ act: 'part', ...about, part });
  });

  test.each([
    ['a place', { Label: '上海 & around' }, { label: '上海 & around' }],
    ['a place without a name', {}, {}],
  ])('%s: X is the latitude', (_, label, named) => {
    const fields = { MsgType: 'location', Location_X: '31.230416', Location_Y: '121.473701', Scale: '16' };
    const act = message({ ...fields, ...label });
    expect(act).toMatchObject({ act: 'part', ...about, part: { contentType: 'application/geo+json' } });
    expect(act.act === 'part' && act.part.kind === 'single' && placeOf(act.part)).toEqual({
      latitude: 31.230416,
      longitude: 121.473701,
      ...named,
    });
  });

  test.each([
    ['north of the pole', '91', '0'],
    ['around the world', '0', '-181'],
    ['nowhere', 'here', 'there'],
    ['without coordinates', '', ''],
  ])('a place %s is none, but something was said', (_, x, y) => {
    expect(message({ MsgType: 'location', Location_X: x, Location_Y: y })).toEqual({
      act: 'part',
      ...about,
      part: plainText('（位置）'),
    });
    expect(message({ MsgType: 'location', Location_X: x, Location_Y: y, Label: '上海' })).toMatchObject({
      part: plainText('上海'),
    });
  });

  test.each([
    ['a type of tomorrow', { MsgType: 'hologram', Content: 'x' }, 'hologram', 'x'],
    ['a poll', { MsgType: 'poll', Title: '周五？', Description: '好\n不好' }, 'poll', '周五？\n好\n不好'],
    ['no type', { MsgType: '', Content: 'x' }, '?', 'x'],
    ['a text without words', { MsgType: 'text', Content: '' }, 'text', ''],
    ['a type with a line break', { MsgType: 'a\nb', Content: '' }, 'a b', ''],
  ])('%s says what it was', (_, fields, what, words) => {
    expect(message(fields as Record<string, string>)).toEqual({
      act: 'part',
      ...about,
      part: plainText(`（发送了无法在此显示的内容：${what}）${words}`),
    });
  });

  test.each([
    ['in milliseconds', '1700000000000', 1_700_000_000_000],
    ['in the far future', '9999999999', undefined],
    ['that is no number', 'now', undefined],
    ['that is missing', '', undefined],
    ['before all time', '-5', undefined],
  ])('a time %s', (_, CreateTime, at) => {
    const act = message({ MsgType: 'text', Content: 'x', CreateTime });
    const sentAt = act.act === 'message' ? act.sentAt.getTime() : 0;
    expect(Math.abs(sentAt - (at ?? Date.now()))).toBeLessThan(60_000);
  });

  test('without an id is known by its fields: the platform repeats them', () => {
    const one = message({ MsgType: 'text', Content: 'x', MsgId: '' });
    expect(message({ MsgType: 'text', Content: 'x', MsgId: '' })).toEqual(one);
    expect(message({ MsgType: 'text', Content: 'y', MsgId: '' })).not.toMatchObject({ id: one.id });
  });
});

describe('events', () => {
  test.each([
    ['subscribe', { EventKey: 'qrscene_7', Ticket: 't' }, 'followed'],
    ['subscribe', {}, 'followed'],
  ])('%s, named by sender, time and event', (name, fields, act) => {
    expect(event(name, fields as Record<string, string>)).toEqual({
      act,
      from: 'oLin',
      sentAt: new Date(1_700_000_000_000),
      id: `oLin+1700000000+${name}`,
    });
  });

  test.each(['SCAN', 'YIXINSCAN', 'CLICK', 'click'])('%s is answered', (name) => {
    expect(event(name, { EventKey: '7' })).toMatchObject({ act: 'asked', from: 'oLin' });
  });

  test.each([
    'LOCATION',
    'VIEW',
    'unsubscribe',
    'TEMPLATESENDJOBFINISH',
    'MASSSENDJOBFINISH',
    'kf_create_session',
    'enter_agent',
    'an event of tomorrow',
    '',
  ])('%s is said to nobody, and recorded', (name) => {
    expect(event(name, { EventKey: '7', Latitude: '1', Status: 'success' })).toEqual({
      act: 'event',
      event: name,
      from: 'oLin',
      id: `oLin+1700000000+${name}`,
    });
  });
});

describe('repeated deliveries of one message', () => {
  test('of a message its id, of an event all that it has', () => {
    expect(message({ MsgType: 'text', Content: 'x' }).id).toBe('6054768590064713728');
    const ids = [
      event('subscribe'),
      event('subscribe', { CreateTime: '1700000001' }),
      event('subscribe', { FromUserName: 'oBo' }),
      event('unsubscribe'),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(event('subscribe').id).toBe(ids[0]);
  });
});

describe('unreadable callbacks', () => {
  test.each([
    ['nobody', { MsgType: 'text', Content: 'x', FromUserName: '' }],
    ['an event of nobody', { MsgType: 'event', Event: 'subscribe', FromUserName: '' }],
  ])('%s is refused with 30', (_, fields) => {
    expect(() => message(fields as Record<string, string>)).toThrow(
      expect.objectContaining({ name: 'HubError', code: '30' }) as Error,
    );
  });

  test('bodies of anything are acts, 30, or no XML', () => {
    const NAMES = [
      'FromUserName',
      'CreateTime',
      'MsgType',
      'MsgId',
      'Content',
      'Event',
      'Location_X',
      'PicUrl',
    ];
    const VALUES = [
      '',
      'a',
      '7',
      'text',
      'event',
      'location',
      'image',
      'subscribe',
      '<![CDATA[',
      ']]>',
      '&#0;',
      '<',
      '</a>',
    ];
    const field = fc
      .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES))
      .map(([name, value]) => `<${name}>${value}</${name}>`);
    const sender = '<FromUserName>a</FromUserName><CreateTime>7</CreateTime><MsgId>1</MsgId>';
    const event = `${sender}<MsgType>event</MsgType>`;
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(fc.constantFrom('', sender, event), fc.array(field, { maxLength: 5 }), (before, fields) => {
        const xml = readXml(`<xml>${before}${fields.join('')}</xml>`);
        let answer = 'no XML';
        try {
          if (xml) answer = readCallback(xml).act;
        } catch (error) {
          expect(error).toMatchObject({ name: 'HubError', code: '30' });
          answer = 'refused';
        }
        seen[answer] = (seen[answer] ?? 0) + 1;
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(Object.keys(seen).sort()).toEqual([
      'event',
      'followed',
      'medium',
      'message',
      'no XML',
      'part',
      'refused',
    ]);
  });
});
