/** The adapter between a hub in memory and a carrier that is not there: what people read, and what becomes of what they write. */
import type { Delivered, DeliveryContext, Hub } from '#adapter-kit';
import { HubError, plainText, toHubError, type Address, type EventId, type MessageEvent } from '#protocol';
import { until } from '../../../test/support/until.js';
import { encode } from './text/alphabets.js';
import { aLine, alice, ann, ANN, AskingLink, CODE, type LineOptions } from './testing/closed-carrier.js';

type Line = Awaited<ReturnType<typeof aLine>>;
const opened: Line[] = [];
const opens = async (options?: LineOptions) => {
  const line = await aLine(options);
  opened.push(line);
  return line;
};
afterEach(async () => {
  for (const { adapter } of opened.splice(0)) await adapter.stop();
});

let keys = 0;
const bob = 'im:bob@far' as Address;
const context = (more: Partial<DeliveryContext> = {}): DeliveryContext => ({
  idempotencyKey: `key-${String(++keys).padStart(30, '0')}`,
  target: undefined,
  uncertain: false,
  delayedSince: undefined,
  ...more,
});
function eventOf(text: string, from = alice, to = ann): MessageEvent {
  const data = { from: { address: from }, to, content: { body: plainText(text) } };
  return { id: 'E'.repeat(27), data } as unknown as MessageEvent;
}
const say = (line: Line, text: string, from = alice, more?: Partial<DeliveryContext>) =>
  line.adapter.deliver(eventOf(text, from), context(more));
const wordsOf = (line: Line) => line.double.submitted.map(({ to, content }) => [to, textOf(content?.body)]);
const textOf = (body: unknown) => (body as { content?: string } | undefined)?.content;

/** As the kit does: what the gateway did not accept may be sent again, what it has accepted is not. */
function once(hub: Hub): Hub {
  const done = new Map<string, Delivered>();
  const atMostOnce = async (key: string, send: () => Promise<Delivered>) => {
    const before = done.get(key);
    if (before) return before;
    const delivered = await send();
    done.set(key, delivered);
    return delivered;
  };
  return { ...hub, atMostOnce };
}

describe('what people read', () => {
  test('name, network and number of who speaks, from the number of the conversation', async () => {
    const line = await opens();
    expect(await say(line, 'hello')).toEqual({ native: ['id-1'], stage: 'submitted' });
    await say(line, 'me too', bob);
    await say(line, 'again');
    expect(line.link.texts).toEqual([
      '[1 alice · far] hello',
      '[2 bob · far] me too',
      '[1 alice · far] again',
    ]);
    expect(line.link.submitted.map(({ service }) => service)).toEqual([
      `${CODE}01`,
      `${CODE}02`,
      `${CODE}01`,
    ]);
    expect(line.link.submitted[0]).toMatchObject({ person: ANN, alphabet: 'ucs2' });
  });

  test('where our number has no room for a suffix, and where none is allowed, all come from it', async () => {
    for (const options of [{ serviceDigits: 9 }, { settings: { SMS_SUFFIX_DIGITS: '0' } }]) {
      const line = await opens(options);
      await say(line, 'hello');
      expect(line.link.submitted[0]?.service).toBe(CODE);
    }
  });

  test.each([
    ['start', '【互通】[1 alice · far] hello'],
    ['end', '[1 alice · far] hello【互通】'],
  ])('the signature at the %s', async (at, text) => {
    const line = await opens({ settings: { SMS_SIGNATURE: '互通', SMS_SIGNATURE_AT: at } });
    await say(line, 'hello');
    expect(line.link.texts).toEqual([text]);
  });

  test('a long text is several segments of one reference, of which each has a key of its own', async () => {
    const line = await opens();
    const { native } = await say(line, '长'.repeat(150));
    expect(native).toEqual(['id-1', 'id-2', 'id-3']);
    expect(line.link.texts.join('')).toBe(`[1 alice · far] ${'长'.repeat(150)}`);
    const marks = line.link.submitted.map(({ concatenation }) => concatenation);
    expect(marks.map((mark) => [mark?.part, mark?.total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(new Set(marks.map((mark) => mark?.reference)).size).toBe(1);
    expect(new Set(line.double.sent).size).toBe(3);
  });

  test('the gateway asks to slow down in the middle: the next attempt sends the rest of the same text', async () => {
    const line = await opens({ wrap: once, talked: false });
    const key = context().idempotencyKey;
    const long = '长'.repeat(150);
    line.link.refusals.push(undefined, new HubError('65', 'slow down'));
    await expect(say(line, long, alice, { idempotencyKey: key })).rejects.toMatchObject({ code: '65' });
    // Alice is the chosen one since the first attempt, so that the words in front would be others now.
    await say(line, long, alice, { idempotencyKey: key, uncertain: true });
    expect(line.link.texts.join('')).toBe(`[1 alice · far ← 当前] ${long}`);
    const references = line.link.submitted.map(({ concatenation }) => concatenation?.reference);
    expect([references.length, new Set(references).size]).toEqual([3, 1]);
  });

  test('characters that no telephone shows are spaces', async () => {
    const line = await opens();
    await say(line, 'a\u0000b\nc\td');
    expect(line.link.texts).toEqual(['[1 alice · far] a b\nc d']);
  });

  test.each([
    ['13800138000', '14'],
    ['abc', '14'],
    ['861', '14'],
    ['8610000000000', '14'],
    ['008613800138000', '14'],
  ])('to %s: %s', async (native, code) => {
    const line = await opens();
    const event = eventOf('hello', alice, `im:${native}@sms` as Address);
    await expect(line.adapter.deliver(event, context())).rejects.toMatchObject({ code });
    expect(await line.adapter.resolve(event.data.to)).toEqual({ code });
  });

  test('a number exists as far as anybody knows', async () => {
    const line = await opens();
    expect(await line.adapter.resolve(ann)).toEqual({ code: '00' });
    expect(await line.adapter.profileOf(ann)).toEqual({ fallbackName: `+${ANN}` });
  });

  test('that a message of theirs did not arrive, from the number of that conversation', async () => {
    const line = await opens();
    const data = { from: { address: alice }, to: ann, code: '14', message: 'M'.repeat(27) };
    await line.adapter.showReport({ id: 'R'.repeat(27) as EventId, data } as never, undefined);
    expect(line.link.texts[0]).toContain('[1 alice · far] ');
    expect(line.link.submitted[0]?.service).toBe(`${CODE}01`);
  });
});

describe('what people write', () => {
  test('to the number of a conversation goes to its person, without a command', async () => {
    const line = await opens();
    await say(line, 'hello');
    await say(line, 'hi', bob);
    await line.write('to alice', { service: `${CODE}01` });
    await line.write('to bob', { service: `${CODE}02` });
    await line.write('to the chosen one');
    expect(wordsOf(line)).toEqual([
      [alice, 'to alice'],
      [bob, 'to bob'],
      [alice, 'to the chosen one'],
    ]);
  });

  test.each([`${CODE}99`, `${CODE}0`, `${CODE}001`, `${CODE}00`, '999', CODE])(
    'to %s, which names no conversation, goes to the chosen one',
    async (service) => {
      const line = await opens();
      await line.write('hello', { service });
      expect(wordsOf(line)).toEqual([[alice, 'hello']]);
    },
  );

  test('in segments that come out of order is one message, under the id of the first', async () => {
    const line = await opens();
    const segment = (part: number, text: string) =>
      line.write('', {
        id: `mo-${part}`,
        text: encode(text, 'ucs2') ?? new Uint8Array(),
        concatenation: { bits: 8, reference: 7, total: 3, part },
      });
    await segment(3, 'three');
    await segment(1, 'one, ');
    expect(line.double.submitted).toEqual([]);
    await segment(2, 'two, ');
    await segment(2, 'two, ');
    expect(line.double.submitted).toMatchObject([
      {
        nativeId: 'mo-1',
        references: ['mo-1', 'mo-2', 'mo-3'],
        content: { body: { content: 'one, two, three' } },
      },
    ]);
  });

  test.each(['TD', 't', ' td ', 'Ｔ', '退订', 'stop'])(
    '%j: nothing is sent any more, until they ask for it',
    async (word) => {
      const line = await opens();
      await line.write(word);
      expect(line.link.texts).toEqual(['已退订，不再向您发送消息。回复 START 恢复接收。']);
      await expect(say(line, 'hello')).rejects.toMatchObject({ code: '40' });
      await line.write('start');
      await say(line, 'hello');
      expect(line.link.texts.slice(1)).toEqual(['已恢复接收消息。', '[1 alice · far] hello']);
      expect(line.double.submitted).toEqual([]);
    },
  );

  test.each(['T-shirt', 'please stop', '如何退订？'])('%j is an ordinary text', async (text) => {
    const line = await opens();
    await line.write(text);
    expect(wordsOf(line)).toEqual([[alice, text]]);
  });

  test('what is no text is refused: its sender reads it, and it is recorded', async () => {
    const line = await opens();
    await line.write('', { alphabet: 'binary', text: Buffer.of(1, 2) });
    expect(line.link.texts).toHaveLength(1);
    expect(line.double.notCarried).toMatchObject([{ kind: 'refused', why: 'a message that is no text' }]);
  });

  test.each([
    ['INFO', 'a message of a sender that is no telephone number'],
    ['10086', 'a message of a sender that is no telephone number'],
    ['8617011112222', 'a message of a number on the block list of the link'],
  ])('of %s is recorded alone', async (person, why) => {
    const line = await opens({ settings: { SMS_BLOCKED: '86170*' } });
    await line.write('hello', { person });
    expect(line.double.notCarried).toMatchObject([{ kind: 'event', why }]);
    expect([line.link.texts, line.double.submitted]).toEqual([[], []]);
  });

  test('commands are answered, and a choice is said', async () => {
    const line = await opens();
    await line.write('@');
    expect(line.link.texts[0]).toContain('1 alice · far ← 当前');
    expect(line.link.submitted[0]?.service).toBe(CODE);
  });

  test('that the hub refuses for good: its sender reads why; what may succeed later comes again', async () => {
    const refused = await opens({ refuses: new HubError('30', 'not an event') });
    await refused.write('hello');
    expect(refused.double.notCarried).toMatchObject([{ kind: 'refused' }]);
    expect(refused.link.texts).toHaveLength(1);
    const away = await opens({ refuses: new HubError('91', 'the bus is away') });
    await expect(away.write('hello')).rejects.toMatchObject({ code: '91' });
    expect(away.link.texts).toEqual([]);
  });

  test('an answer that the gateway does not take is recorded', async () => {
    const line = await opens();
    line.link.refusals.push(new HubError('100', 'no'));
    await line.write('@');
    expect(line.double.notCarried).toMatchObject([
      { kind: 'unanswered', why: 'an answer in words was not taken' },
    ]);
  });
});

test('a frame that the link cannot read is recorded', async () => {
  const line = await opens();
  await line.link.events?.onUnreadable('00ff', 'no frame');
  expect(line.double.notCarried).toEqual([{ kind: 'unreadable', why: 'no frame', native: '00ff' }]);
});

test('a report reaches the hub under the id of its segment', async () => {
  const line = await opens();
  const failed = { messageId: 'id-9', person: ANN, state: 'failed', detail: 'MK:0001' } as const;
  const crossed = { id: 'e', author: alice, within: {}, native: ['id-9'], at: 0 } as never;
  const known = await opens({ crossed: { 'id-9': crossed } });
  await known.link.events?.onReport(failed);
  expect(known.double.outcomes).toMatchObject([
    { of: { native: 'id-9' }, report: { stage: 'failed', code: '14' } },
  ]);
  expect(line.double.outcomes).toEqual([]);
});

test('before the start and after the stop nothing is sent', async () => {
  const line = await opens();
  await line.adapter.stop();
  const late = await say(line, 'hello').catch((thrown: unknown) => toHubError(thrown).code);
  expect(late).toBe('91');
});

describe('a gateway that asks what becomes of messages', () => {
  const asks = async (options?: LineOptions) => {
    const link = new AskingLink();
    return { ...(await opens({ link, ...options })), link };
  };
  const asking = { receipt: 'always' as const };
  const target = (...native: string[]) => ({ id: 'e', author: ann, within: {}, native, at: 0 }) as never;
  const reportOf = (code: string) =>
    ({
      id: 'R'.repeat(27),
      data: { from: { address: alice }, to: ann, code, message: 'M'.repeat(27) },
    }) as never;

  test('gets a receipt when the hub reports that a message arrived', async () => {
    const line = await asks();
    expect(line.adapter.capabilities().features).toMatchObject({ delivered: 1 });
    await line.write('hello', asking);
    await line.write('me too', { receipt: 'failures' });
    await line.write('and me');
    expect(line.double.submitted.map(({ requestStatus }) => requestStatus)).toEqual([
      ['delivered'],
      undefined,
      undefined,
    ]);
    await line.adapter.deliverReceipt?.({} as never, [target('mo-1'), target('mo-2'), target('mo-3')]);
    expect(line.link.told).toEqual(['mo-1 delivered 000']);
  });

  test('gets one when a message failed, and the person reads it too', async () => {
    const line = await asks();
    await line.write('hello', { receipt: 'failures' });
    await line.adapter.showReport(reportOf('68'), target('mo-1'));
    expect(line.link.told).toEqual(['mo-1 expired 068']);
    expect(line.link.texts).toHaveLength(1);
  });

  test('gets one though the person wants no words any more', async () => {
    const line = await asks();
    await line.write('hello', asking);
    await line.write('TD');
    await expect(line.adapter.showReport(reportOf('14'), target('mo-1'))).rejects.toMatchObject({
      code: '40',
    });
    expect(line.link.told).toEqual(['mo-1 failed 001']);
  });

  test.each<[string, string, Partial<Parameters<Line['write']>[1]>, string]>([
    ['a command', '@', {}, 'mo-1 delivered 000'],
    ['a wish', 'TD', {}, 'mo-1 delivered 000'],
    ['what is no text', '', { alphabet: 'binary', text: Buffer.of(1) }, 'mo-1 rejected 012'],
    ['a message of a number on the block list', 'hello', { person: '8617011112222' }, 'mo-1 rejected 036'],
    ['a message of a short code', 'hello', { person: '10086' }, 'mo-1 rejected 036'],
  ])('gets one for %s, which no other network sees', async (_, text, more, receipt) => {
    const line = await asks({ settings: { SMS_BLOCKED: '86170*' } });
    await line.write(text, { ...asking, ...more });
    await until('the receipt', () => line.link.told.length > 0);
    expect(line.link.told).toEqual([receipt]);
    expect(line.double.submitted).toEqual([]);
  });

  test('gets one for what the hub refuses', async () => {
    const line = await asks({ refuses: new HubError('93', 'not allowed') });
    await line.write('hello', asking);
    await until('the receipt', () => line.link.told.length > 0);
    expect(line.link.told).toEqual(['mo-1 rejected 093']);
  });

  test('gets one for each segment of a long text', async () => {
    const line = await asks();
    for (const part of [2, 1])
      await line.write('', {
        ...asking,
        id: `mo-${part}`,
        text: encode(`part ${part}`, 'ucs2') ?? new Uint8Array(),
        concatenation: { bits: 8, reference: 7, total: 2, part },
      });
    expect(line.double.submitted).toMatchObject([{ nativeId: 'mo-1', requestStatus: ['delivered'] }]);
    await line.adapter.deliverReceipt?.({} as never, [target('mo-1')]);
    expect(line.link.told).toEqual(['mo-1 delivered 000', 'mo-2 delivered 000']);
  });
});
