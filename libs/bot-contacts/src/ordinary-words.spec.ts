/** Words of ordinary talk reach the friend; only what the help text names is a command. */
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, CERTIFY, network, type Address, type ResolveReply } from '#protocol';
import { Correspondents } from './correspondents.js';
import { memoryDouble } from './testing/memory-double.js';
import { CHANNEL_WORDS } from './words.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const li = addressOf(network('wechat'), 'openid-of-li');
const alice = addressOf(network('xmpp'), 'alice@example.org');
const bob = addressOf(network('matrix'), '@bob:example.org');

/** Li has received a message from Alice, then from Bob: Alice is chosen. */
async function aConversation(language: 'en' | 'zh' = 'en') {
  const kept = new Map<string, unknown>();
  const memory = memoryDouble(kept);
  const channel = new Correspondents(
    {
      memory,
      recent: memory,
      canonical: (address: Address) => address,
      peers: () => [network('xmpp'), CERTIFY, network('matrix'), network('tel'), network('sandbox')],
      resolve: (address: Address): Promise<ResolveReply> =>
        Promise.resolve(address.endsWith('@msn') ? { code: '15' } : { code: '00', party: { address } }),
    },
    language,
  );
  let said = 0;
  await channel.show(li, { address: alice, displayName: 'Alice' }, 'hi');
  await channel.show(li, { address: bob, displayName: 'Bob' }, 'hello');
  return { channel, says: (text: string) => channel.read(li, `m${++said}`, text) };
}

afterEach(() => {
  jest.useRealTimers();
});

describe('in the middle of a conversation', () => {
  test.each([
    '?',
    '？',
    'help',
    'Help',
    '列表',
    '帮助',
    'list',
    '2',
    '２',
    '#',
    '/',
    '/me waves',
    '／',
    '...',
  ])('"%s" reaches the friend', async (words) => {
    const { says } = await aConversation();
    expect(await says(words)).toEqual({ act: 'send', to: alice, text: words });
  });

  test('a line that begins with neither "/" nor "@" reaches the correspondent unchanged', async () => {
    const { says } = await aConversation();
    const word = fc.oneof(
      fc.constantFrom('help', '帮助', '列表', 'list', '?', '？', '1', '１', ' @', '\n', '！', 'im:x@y', '2 '),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    const typed = fc
      .array(word, { minLength: 1, maxLength: 5 })
      .map((words) => words.join(''))
      .filter((text) => !/^\s*[/@／＠]/u.test(text));
    await fc.assert(
      fc.asyncProperty(typed, async (text) => {
        expect(await says(text)).toEqual({ act: 'send', to: alice, text });
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

describe('every command', () => {
  test.each(['/help', '/帮助', '/list', '/列表', '@', '@2', '@name', '@person@network'])(
    '%s is named by a help text',
    (command) => {
      const texts = Object.values(CHANNEL_WORDS).map(({ help }) => help);
      const chinese: Record<string, string> = { '@name': '@名字', '@person@network': '@对方@网络' };
      const names = [command, chinese[command] ?? command];
      expect(texts.some((text) => names.some((name) => text.includes(name)))).toBe(true);
    },
  );

  test.each([
    ['／ｈｅｌｐ', { act: 'answer', text: CHANNEL_WORDS.en.help }],
    ['／帮助', { act: 'answer', text: CHANNEL_WORDS.zh.help }],
    ['/LIST', { act: 'answer', text: expect.stringContaining('2 Bob') as string }],
    ['＠', { act: 'answer', text: expect.stringContaining('2 Bob') as string }],
    ['@２', { act: 'answer', text: 'You now write to Bob · matrix.' }],
    ['＠２ 好', { act: 'send', to: bob, text: '好', notice: 'You now write to Bob · matrix.' }],
    ['＠ＢＯＢ', { act: 'answer', text: 'You now write to Bob · matrix.' }],
    ['＠ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｏｒｇ＠ｘｍｐｐ　你好', { act: 'send', to: alice, text: '你好' }],
  ])('%s is understood in full width', async (typed, reading) => {
    const { says } = await aConversation();
    expect(await says(typed)).toEqual(reading);
  });
});

describe('the list', () => {
  test.each(['2', '２', ' ２　'])('"%s" answers it, once', async (number) => {
    const { says } = await aConversation();
    await says('@');
    expect(await says(number)).toEqual({ act: 'answer', text: 'You now write to Bob · matrix.' });
    expect(await says(number)).toMatchObject({ act: 'send', to: bob });
  });

  test('is answered by the next message only', async () => {
    const { says } = await aConversation();
    await says('@');
    await says('first something else');
    expect(await says('2')).toEqual({ act: 'send', to: alice, text: '2' });
  });

  test('is answered no more when a friend has said something since: the number is for the friend', async () => {
    const { channel, says } = await aConversation();
    await says('@');
    await channel.show(li, { address: alice, displayName: 'Alice' }, 'how many tickets?');
    expect(await says('2')).toEqual({ act: 'send', to: alice, text: '2' });
  });

  test('is answered no more when a picture was sent since', async () => {
    const { channel, says } = await aConversation();
    await says('@');
    expect(await channel.whom(li)).toEqual({ act: 'send', to: alice });
    expect(await says('2')).toMatchObject({ act: 'send', text: '2' });
  });

  test('is valid for two minutes', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    const { says } = await aConversation();
    await says('@');
    jest.advanceTimersByTime(119_000);
    expect(await says('2')).toMatchObject({ act: 'answer' });
    await says('@');
    jest.advanceTimersByTime(121_000);
    expect(await says('1')).toMatchObject({ act: 'send', text: '1' });
  });
});

describe('the chosen correspondent', () => {
  test('who is chosen by writing first is marked, and only then', async () => {
    const { channel } = await aConversation();
    const carol = addressOf(network('xmpp'), 'carol@example.org');
    const wang = addressOf(network('wechat'), 'openid-of-wang');
    expect(await channel.show(wang, { address: carol }, 'hi')).toBe(
      '[1 carol@example.org · xmpp ← chosen] hi',
    );
    expect(await channel.show(wang, { address: carol }, 'again')).toBe('[1 carol@example.org · xmpp] again');
  });

  test('a picture without anybody to go to is answered with what to do', async () => {
    const { channel } = await aConversation('zh');
    const stranger = addressOf(network('wechat'), 'openid-of-nobody');
    expect(await channel.whom(stranger)).toEqual({ act: 'answer', text: CHANNEL_WORDS.zh.nobodyYet });
  });
});

describe('the answers', () => {
  test('offer no network under which the hub itself speaks', async () => {
    const { says } = await aConversation();
    expect(await says('@carol@msn hi')).toEqual({
      act: 'answer',
      text: 'There is no network "msn". Connected: xmpp, matrix.',
    });
  });

  test('repeat at most the beginning of what was typed', async () => {
    const { says } = await aConversation('zh');
    const reading = await says(`@小王${'你好'.repeat(500)}`);
    expect(reading.act === 'answer' && reading.text.length).toBeLessThan(180);
  });
});
