/**
 * Nothing disappears: everything that a platform proved ends as an event on the bus, as what became of a message, as words for who
 * sent it, as a record of what was not carried, or is delivered again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { HubError, type MessageEvent } from '#protocol';
import { descendants, readXml } from '#service';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { alice, anAccount, chen, type Dialect } from './testing/closed-platform.js';

interface Recorded {
  what: string;
  dialect: Dialect;
  /** The trace that it must leave. "noted": it says only that a message is on its way, or the result of a call. */
  leads: string;
  native: string | Record<string, unknown>;
  headers?: Record<string, string>;
  /** Part of the draft, outcome or record that it must become. */
  becomes: Record<string, unknown>;
  /** Part of the request with which the same content goes to a person. */
  back?: Record<string, unknown>;
}

const FIXTURES = join(import.meta.dirname, '../fixtures/notifications.json');
const { notifications: RECORDED } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as {
  notifications: Recorded[];
};

const accounts: ReturnType<typeof anAccount>[] = [];
const opened = (dialect: Dialect, refuses?: HubError) => {
  const account = anAccount(dialect, refuses);
  accounts.push(account);
  return account;
};
afterEach(async () => {
  for (const { adapter } of accounts.splice(0)) await adapter.stop();
});

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test.each(RECORDED)('$what: $leads', async ({ dialect, native, headers, leads, becomes }) => {
  const { traceOf, double } = opened(dialect);
  expect((await traceOf(native, headers)) ?? 'noted').toBe(leads);
  expect(plain(double.submitted[0] ?? double.outcomes[0] ?? double.notCarried[0] ?? {})).toMatchObject(
    becomes,
  );
});

test.each(RECORDED.filter(({ back }) => back))('back: $what', async ({ dialect, native, back }) => {
  const { traceOf, double, adapter, requests } = opened(dialect);
  await traceOf(native);
  const [draft] = double.submitted;
  const data = { from: { address: alice }, to: chen, content: draft?.content };
  const event = { id: 'A'.repeat(27), data } as unknown as MessageEvent;
  const key = 'K'.repeat(30);
  await adapter.deliver(event, {
    idempotencyKey: key,
    uncertain: false,
    delayedSince: undefined,
    target: undefined,
  });
  const [request] = requests;
  const shown = dialect === 'json' ? request : fieldsOf(request as string, Object.keys(back ?? {}));
  expect(shown).toMatchObject(back ?? {});
});

function fieldsOf(xml: string, names: string[]): Record<string, string | undefined> {
  const root = readXml(xml);
  return Object.fromEntries(names.map((name) => [name, descendants(root, name)[0]?.text]));
}

test('two contents in one message are two messages', async () => {
  const { traceOf, double } = opened('json');
  await traceOf(RECORDED.find(({ what }) => what === 'json: two contents in one message')?.native);
  const { submitted } = double;
  expect(submitted.map(({ nativeId }) => nativeId)).toEqual(['4BF4F950-6', '4BF4F950-6.2']);
});

test.each<[Dialect, string, unknown]>([
  ['xml', 'no XML', 'hello'],
  ['xml', 'XML of another kind', '<msg:outboundMessageRequest xmlns:msg="x"/>'],
  [
    'xml',
    'a message without an id',
    '<msg:inboundMessageNotification xmlns:msg="x"><inboundMessage/></msg:inboundMessageNotification>',
  ],
  ['xml', 'a review of no file of ours', '<file/>'],
  ['json', 'no JSON', undefined],
  ['json', 'a list', [1]],
  [
    'json',
    'a message without content',
    { messageId: '1', messageList: [], senderAddress: 'tel:+8613800138000' },
  ],
  [
    'json',
    'a message from abroad',
    {
      messageId: '1',
      messageList: [{ contentType: 'text/plain', contentText: 'x' }],
      senderAddress: 'tel:+12025550143',
    },
  ],
  ['json', 'statuses that are no list', { deliveryInfoList: 7 }],
  ['json', 'a status that is no object', { deliveryInfoList: [7] }],
])('%s: %s is recorded as unreadable', async (dialect, _, native) => {
  expect(await opened(dialect).traceOf(native)).toBe('not carried: unreadable');
});

test('a message that the hub refuses permanently is recorded, and its sender is notified', async () => {
  const { traceOf, double, requests } = opened('xml', new HubError('30', 'not an event'));
  expect(await traceOf(RECORDED[0]?.native)).toBe('not carried: refused');
  expect(double.sent).toEqual([expect.stringMatching(/^answer-/)]);
  expect(requests).toHaveLength(1);
});

test('a message that could not be stored now is delivered again', async () => {
  const { traceOf } = opened('xml', new HubError('91', 'the bus is away'));
  expect(await traceOf(RECORDED[0]?.native)).toBe('delivered again');
});

/** That a message is on its way, and results of calls, are only noted. */
const NOTED = /MessageSent|"sent"|revoke|authstatus/i;

test('a recorded notification leaves a trace after any mutation', async () => {
  const odd = fc.oneof(
    fc.constantFrom<unknown>(null, '', '0', -1, 1e300, true, [], {}, 'text', '\ud800', 'x'.repeat(6000)),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const change = fc.record({
    at: fc.nat(),
    depth: fc.nat({ max: 3 }),
    length: fc.nat({ max: 12 }),
    value: fc.option(odd, { nil: undefined }),
  });
  const two = { xml: opened('xml'), json: opened('json') };
  const seen = new Set<string>();
  const input = fc.tuple(fc.constantFrom(...RECORDED), fc.array(change, { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(input, async ([one, changes]) => {
      const native = changes.reduce<Recorded['native']>(
        (before, { at, depth, length, value }) =>
          typeof before === 'string'
            ? cutInto(before, at, length, value)
            : changedIn(before, at, depth, value),
        one.native,
      );
      const trace = await two[one.dialect].traceOf(native, one.headers);
      const isNote = NOTED.test(JSON.stringify(native) + JSON.stringify(one.headers ?? ''));
      expect({ native, trace }).toEqual({ native, trace: isNote ? trace : (expect.any(String) as string) });
      seen.add(trace ?? '');
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 3) },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining(['event', 'outcome', 'not carried: event', 'not carried: unreadable']),
  );
});

function cutInto(text: string, at: number, length: number, value: unknown): string {
  const from = at % Math.max(text.length, 1);
  return text.slice(0, from) + (typeof value === 'string' ? value : '') + text.slice(from + length);
}

function changedIn(native: Record<string, unknown>, at: number, depth: number, value: unknown) {
  const changed = structuredClone(native);
  let inner: Record<string, unknown> = changed;
  for (let level = 0; level < depth; level++) {
    const next = Object.values(inner).find((child) => typeof child === 'object' && child !== null);
    inner = (next as Record<string, unknown> | undefined) ?? inner;
  }
  const name = Object.keys(inner)[at % Math.max(Object.keys(inner).length, 1)] ?? 'x';
  if (value === undefined) delete inner[name];
  else inner[name] = structuredClone(value);
  // As it would stand on the wire.
  return JSON.parse(JSON.stringify(changed)) as Record<string, unknown>;
}
