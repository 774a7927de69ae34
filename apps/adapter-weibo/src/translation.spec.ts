/** Answers in both forms, what is sent, errors, and the documented vectors. */
import { createHash } from 'node:crypto';
import type { Address, MessageEvent } from '#protocol';
import { textOf } from './from-canonical.js';
import { readCallback } from './to-canonical.js';
import { anAccount, written } from './testing/recorded.js';
import { WEIBO_CAPABILITIES } from './weibo.config.js';
import { isTokenError, weiboError } from './weibo.errors.js';
import { FORMATS } from './weibo.formats.js';

const opened: Awaited<ReturnType<typeof anAccount>>[] = [];
async function open(form: 'json' | 'xml') {
  const account = await anAccount(form);
  opened.push(account);
  return account;
}
afterEach(async () => {
  for (const { adapter } of opened.splice(0)) await adapter.stop();
});

test('the vector of a signature', () => {
  const parts = ['appsecret0', '1700000000', 'nonce123'].sort().join('');
  expect(createHash('sha1').update(parts).digest('hex')).toBe('ec158a8fa9bf0fd4cb1af3c460f8e15dba54b24b');
});

test('the vector of an answer in JSON: data is percent-encoded', () => {
  const callback = FORMATS.json.read('{"type":"text","sender_id":456,"receiver_id":123,"text":"hi"}');
  expect(callback && JSON.parse(FORMATS.json.reply(callback, '中文消息'))).toEqual({
    result: true,
    sender_id: '123',
    receiver_id: '456',
    type: 'text',
    data: '%7B%22text%22%3A%22%E4%B8%AD%E6%96%87%E6%B6%88%E6%81%AF%22%7D',
  });
});

test.each([
  ['Mon Jul 16 18:09:20 +0800 2012', '2012-07-16T10:09:20.000Z'],
  ['1342433360', '2012-07-16T10:09:20.000Z'],
  ['', '2026-11-30T00:00:00.000Z'],
  ['Mon Jul 16 18:09:20 +0800 2199', '2026-11-30T00:00:00.000Z'],
])('"%s" is %s', (createdAt, at) => {
  const callback = FORMATS.json.read(
    JSON.stringify({ type: 'text', sender_id: '1', text: 'x', created_at: createdAt }),
  );
  expect(callback && readCallback(callback, Date.parse('2026-11-30'))).toMatchObject({
    sentAt: new Date(at),
  });
});

describe('words of the account itself', () => {
  const followed = {
    json: { type: 'event', sender_id: 'n456', receiver_id: 'n123', data: { subtype: 'follow' } },
  };
  const subscribed = { FromUserName: '456', ToUserName: '123', MsgType: 'event', Event: 'subscribe' };

  test('are the answer to the callback, the same one when it comes again', async () => {
    for (const [form, native] of [
      ['json', followed.json],
      ['xml', subscribed],
    ] as const) {
      const { take, texts } = await open(form);
      const body = written(form, native);
      const [first, again] = [await take(body), await take(body)];
      expect(form === 'json' ? decodeURIComponent(first) : first).toContain(
        '在这里可以给其他网络的朋友发消息',
      );
      expect(again).toBe(first);
      expect(texts).toEqual([]);
    }
  });

  test('that need more than one message are sent before the answer, which is empty', async () => {
    const { adapter, texts } = await open('json');
    const answer = Reflect.get(adapter, 'answer') as (to: object, text: string) => Promise<unknown>;
    await answer.call(adapter, { id: '1', from: '456', replyToken: '1' }, `${'好'.repeat(299)} 再见`);
    expect(texts.map(({ text }) => text.length)).toEqual([299, 3]);
  });
});

describe('texts', () => {
  test('have names of faces in place of emoji, unless that makes them too long', () => {
    expect(textOf('好 🙂👍🏽')).toBe('好 [微笑]👍🏽');
    expect(textOf(`${'好'.repeat(297)}🙂`)).toBe(`${'好'.repeat(297)}🙂`);
  });

  test('are split between graphemes, below 300 characters each', async () => {
    const { adapter, texts } = await open('json');
    const family = '👨‍👩‍👧‍👦';
    const content = {
      body: { kind: 'single', disposition: 'render', contentType: 'text/plain', content: family.repeat(60) },
    };
    const data = { from: { address: 'im:alice@far' as Address }, to: 'im:456@weibo' as Address, content };
    const context = { idempotencyKey: 'k', uncertain: false, delayedSince: undefined, target: undefined };
    await adapter.deliver({ id: 'e', data } as MessageEvent, context);
    expect(texts.length).toBeGreaterThan(2);
    for (const { text } of texts) {
      expect(text.length).toBeLessThan(300);
      expect(text.replaceAll(family, '').replace(/^\[1 alice · far\] /, '')).toBe('');
    }
  });

  test('can be sent within 48 hours', () => {
    expect(WEIBO_CAPABILITIES.limits.replyWindowMs).toBe(48 * 3600_000);
  });
});

test.each([
  [400, 21332, '91'],
  [403, 21327, '91'],
  [200, 21315, '91'],
  [403, 10014, '36'],
  [403, 10023, '65'],
  [429, undefined, '65'],
  [400, 20003, '14'],
  [403, 26403, '101'],
  [400, 10008, '100'],
  [503, 10002, '91'],
  [502, undefined, '103'],
  [503, undefined, '65'],
])('HTTP %s with error %s is %s', (status, error_code, code) => {
  expect(weiboError(status, { error_code, error: '' })).toMatchObject({ code });
});

test('errors of the token stop everything; others concern one message', () => {
  expect([21332, 21327, 10023, 26403, undefined].map((error_code) => isTokenError({ error_code }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
