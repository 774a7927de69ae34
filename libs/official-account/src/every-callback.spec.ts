/**
 * Nothing disappears: every callback that the platform signed, and whatever is made of it, ends as an event on the bus, as
 * a text for its sender, as a dead letter, or is delivered again by the platform.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { messengerFaces } from '#emoji';
import { HubError, network, wordsOf } from '#protocol';
import { HubDouble } from '../../bot-contacts/src/testing/hub-double.js';
import { TAKEN } from './callback.js';
import { OfficialAccountAdapter } from './official-account.adapter.js';
import type { PlatformProfile } from './profile.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const APPS = join(import.meta.dirname, '..', '..', '..', 'apps');
/** Recorded callbacks of every network of the family lie in the folder of its adapter. */
const RECORDED = readdirSync(APPS)
  .map((app) => join(APPS, app, 'fixtures'))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.xml'))
      .map((name) => ({ name, native: readFileSync(join(folder, name), 'utf8') })),
  )
  .filter(({ native }) => native.startsWith('<xml>'));

const profile = {
  name: 'wechat',
  faces: messengerFaces,
  encryption: 'never',
  nativeId: /^[\w-]{6,64}$/,
  send: { path: '/send', numberedAgent: false },
  token: { kind: 'stable', path: '/token' },
  afterEvent: { ms: 60_000, messages: 3 },
  capabilities: { language: 'zh' },
  errors: {},
} as unknown as PlatformProfile;

/** An account whose person has a correspondent on another network, or none yet. */
function anAccount({
  talked = true,
  refuses,
  textBytes,
}: { talked?: boolean; refuses?: HubError; textBytes?: number } = {}) {
  const double = new HubDouble({ talked, refuses });
  const settings = {
    ACCOUNT_ID: 'wx0',
    ACCOUNT_SECRET: 's',
    ACCOUNT_TOKEN: 'token',
    ACCOUNT_MODE: 'plain' as const,
  };
  const account = new OfficialAccountAdapter(
    network('wechat'),
    textBytes === undefined ? profile : { ...profile, textBytes },
    settings,
    'http://127.0.0.1:9',
    double.log,
  );
  Object.assign(account, { keepChecking: () => Promise.resolve() });
  void account.start(double.hub);
  const answers = Reflect.get(account, 'answers') as { clear(): void };
  const traceOf = (native: string): Promise<string | undefined> => {
    // One that comes again is answered as it was the first time: here each is the first.
    answers.clear();
    return double.traceOf(async () => {
      const answer = await account.callback({ native, encrypted: false });
      return answer === TAKEN ? undefined : answer;
    });
  };
  const { submitted, heard, notCarried, sent } = double;
  return { account, traceOf, submitted, heard, notCarried, sent };
}

/** A message with an identity of its own. */
let count = 0;
const anew = (native: string) =>
  native
    .replace(/<MsgId>\d+/, () => `<MsgId>${++count}`)
    .replace(/<CreateTime>\d+/, () => `<CreateTime>${1_300_000_000 + ++count}`);

test('words that are longer than one message are all sent as messages, so that they stay in order', async () => {
  const native = anew(RECORDED.find((one) => one.native.includes('subscribe'))?.native ?? '');
  const short = anAccount();
  expect(await short.account.callback({ native, encrypted: false })).toContain('<Content>');
  expect(short.sent).toEqual([]);
  const long = anAccount({ textBytes: 100 });
  expect(await long.account.callback({ native, encrypted: false })).toBe(TAKEN);
  expect(long.sent.length).toBeGreaterThan(1);
  expect(long.sent[0]).toMatch(/^answer-[\w-]+$/);
});

test.each(RECORDED)('$name leaves a trace', async ({ native }) => {
  const { traceOf } = anAccount();
  const expected = /subscribe|SCAN|CLICK|click/.test(native) && !native.includes('unsubscribe');
  const trace = await traceOf(native);
  if (expected) expect(trace).toBe('words');
  else expect(trace).toBe(native.includes('<MsgType><![CDATA[event') ? 'not carried: event' : 'event');
});

test('a recorded callback leaves a trace after any mutation', async () => {
  const odd = fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    'null',
    '1e400',
    '9'.repeat(30),
    'text',
    'event',
    'poll',
    '位置',
    '😀',
    '&',
    'AT&T',
    '&#55357;',
    '&bomb;',
    '<',
    '<b>',
    '<!DOCTYPE html>',
    '<![CDATA[',
    ']]>',
    '\u0000',
    '\u202e',
    '\ud800',
    'a'.repeat(5000),
  );
  const change = fc.oneof(
    fc.record({ how: fc.constant('drop' as const), field: fc.nat(), value: fc.constant('') }),
    fc.record({ how: fc.constant('value' as const), field: fc.nat(), value: odd }),
    fc.record({ how: fc.constant('bare' as const), field: fc.nat(), value: odd }),
    fc.record({ how: fc.constant('insert' as const), field: fc.nat(), value: odd }),
    fc.record({ how: fc.constant('cut' as const), field: fc.nat(), value: fc.constant('') }),
  );
  const seen = new Set<string>();
  const known = anAccount();
  const stranger = anAccount({ talked: false });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RECORDED),
      fc.array(change, { maxLength: 4 }),
      fc.boolean(),
      async ({ native }, changes, talked) => {
        const changed = changes.reduce((text, one) => mutate(text, one), anew(native));
        const trace = await (talked ? known : stranger).traceOf(changed);
        expect({ changed, trace }).toEqual({ changed, trace: expect.any(String) as string });
        seen.add(trace ?? '');
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['event', 'not carried: event', 'not carried: unreadable', 'words']),
  );
});

type Change = { how: 'drop' | 'value' | 'bare' | 'insert' | 'cut'; field: number; value: string };

function mutate(native: string, { how, field, value }: Change): string {
  const lines = native.split('\n');
  const at = 1 + (field % Math.max(lines.length - 2, 1));
  const name = /^<(\w+)>/.exec(lines[at] ?? '')?.[1] ?? 'x';
  switch (how) {
    case 'drop':
      lines.splice(at, 1);
      return lines.join('\n');
    case 'value':
      lines[at] = `<${name}><![CDATA[${value}]]></${name}>`;
      return lines.join('\n');
    case 'bare':
      lines[at] = `<${name}>${value}</${name}>`;
      return lines.join('\n');
    case 'insert': {
      const place = field % (native.length + 1);
      return native.slice(0, place) + value + native.slice(place);
    }
    case 'cut':
      return native.slice(0, field % (native.length + 1));
  }
}

describe('a callback that is not well-formed', () => {
  const text = (content: string) =>
    `<xml><ToUserName>gh_0</ToUserName><FromUserName>oLin</FromUserName><MsgType>text</MsgType><Content>${content}</Content><MsgId>${++count}</MsgId></xml>`;

  test.each([
    ['a bare "&"', text('AT&T'), 'AT&T'],
    ['a bare "<"', text('1 < 2 & 3'), '1 < 2 & 3'],
    [
      'a document type in its text',
      text('<![CDATA[how do I write <!DOCTYPE html>?]]>'),
      'how do I write <!DOCTYPE html>?',
    ],
    ['an entity in its text', text('<![CDATA[<!ENTITY a "b"> &a;]]>'), '<!ENTITY a "b"> &a;'],
    [
      'a document type before it, which expands nothing',
      `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(1000)}">]>${text('hi &a;')}`,
      'hi &a;',
    ],
    ['an end that is missing', text('hi').replace('</xml>', ''), 'hi'],
    ['an element without an end in between', text('hi').replace('<MsgType>', '<Odd><MsgType>'), 'hi'],
  ])('%s: the words arrive', async (_, native, words) => {
    const { traceOf, submitted } = anAccount();
    expect(await traceOf(native)).toBe('event');
    expect(submitted[0] && wordsOf(submitted[0].content.body)).toBe(words);
  });

  test('nests entities without end, and is read in no time', async () => {
    const bomb = Array.from({ length: 50 }, (_, at) => `<!ENTITY e${at + 1} "&e${at};&e${at};">`).join('');
    const { traceOf, submitted } = anAccount();
    expect(await traceOf(`<!DOCTYPE x [<!ENTITY e0 "x">${bomb}]>${text('&e50;')}`)).toBe('event');
    expect(submitted[0] && wordsOf(submitted[0].content.body)).toBe('&e50;');
  });
});

test('faces in a text become emoji, and unknown ones stay as they are written', async () => {
  const { traceOf, submitted } = anAccount();
  await traceOf(
    '<xml><FromUserName>o123456</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>' +
      '<Content>你好/::)[捂脸][谁知道]</Content><MsgId>7</MsgId></xml>',
  );
  expect(submitted.map(({ content }) => wordsOf(content.body))).toEqual(['你好🙂🤦[谁知道]']);
});

test('words open the window of a person; a button lets the account send a few messages', async () => {
  const { traceOf, heard } = anAccount();
  const callback = (fields: string) =>
    traceOf(`<xml><FromUserName>o123456</FromUserName><CreateTime>1</CreateTime>${fields}</xml>`);
  await callback('<MsgType>text</MsgType><Content>hi</Content><MsgId>7</MsgId>');
  await callback('<MsgType>event</MsgType><Event>CLICK</Event>');
  await callback('<MsgType>event</MsgType><Event>VIEW</Event>');
  const person = 'im:o123456@wechat';
  expect(heard).toEqual([[person], [person, { ms: 60_000, messages: 3 }]]);
});

test('a message that the hub refuses permanently is recorded, and its sender is notified', async () => {
  const { traceOf, notCarried } = anAccount({ refuses: new HubError('30', 'not an event') });
  const [first] = RECORDED.filter(({ name }) => name === 'wechat-text.xml');
  expect(await traceOf(first?.native ?? '')).toBe('not carried: refused');
  expect(notCarried).toEqual([{ kind: 'refused', why: '30 not an event', native: first?.native }]);
});

test('a message that could not be stored now is delivered again by the platform', async () => {
  const { traceOf } = anAccount({ refuses: new HubError('91', 'the bus is away') });
  expect(await traceOf(RECORDED.find(({ name }) => name === 'wechat-text.xml')?.native ?? '')).toBe(
    'delivered again',
  );
});
