/**
 * Each recorded callback becomes the event that stands beside it, and the words of the event go back as they came. Nothing
 * disappears: a callback ends as an event on the bus, as words for who sent it, as a record of what was not carried, or is
 * delivered again.
 */
import fc from 'fast-check';
import { HubError, type Address, type MessageEvent } from '#protocol';
import { mutated, mutations } from '../../../libs/bot-contacts/src/testing/mutations.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { anAccount, RECORDED, written, type Form } from './testing/recorded.js';

const opened: Awaited<ReturnType<typeof anAccount>>[] = [];
async function open(form: Form, refuses?: HubError) {
  const account = await anAccount(form, { refuses });
  opened.push(account);
  return account;
}
afterEach(async () => {
  for (const { adapter } of opened.splice(0)) await adapter.stop();
});

test.each(RECORDED)('$form, $what: $leads', async ({ form, native, leads, event }) => {
  const { double, traceOf } = await open(form);
  expect(await traceOf(written(form, native))).toBe(leads);
  expect(double.submitted).toHaveLength(event ? 1 : 0);
  // A message without a time was sent now.
  const draft: unknown = JSON.parse(JSON.stringify(double.submitted[0] ?? {}));
  expect(draft).toEqual({ ...(event ? { sentAt: expect.any(String) as string } : {}), ...event });
});

test.each(RECORDED.filter(({ back }) => back))('back: $form, $what', async ({ form, native, back }) => {
  const { adapter, double, texts, take } = await open(form);
  await take(written(form, native));
  const [draft] = double.submitted;
  const event = {
    id: 'event',
    data: { from: { address: 'im:alice@far' as Address }, to: draft?.from.address, content: draft?.content },
  } as MessageEvent;
  const context = { idempotencyKey: 'key', uncertain: false, delayedSince: undefined, target: undefined };
  await adapter.deliver(event, context);
  expect(texts).toEqual([{ to: draft?.from.address.slice(3, -6), text: `[1 alice · far] ${back}` }]);
});

test.each(['json', 'xml'] as const)('%s: what is no callback is recorded as unreadable', async (form) => {
  const { traceOf } = await open(form);
  const wrong = [
    '',
    'null',
    '[]',
    '{',
    '{"type":"text"}',
    '<xml></xml>',
    `${'['.repeat(30)}${']'.repeat(30)}`,
  ];
  for (const native of wrong)
    expect([native, await traceOf(native)]).toEqual([native, 'not carried: unreadable']);
});

const TEXT = {
  type: 'text',
  sender_id: 'n2489518277',
  created_at: 'Mon Jul 16 18:09:20 +0800 2012',
  text: 'hi',
};

test('whoever follows, scans or presses a button may be written to, as whoever writes; whoever unfollows may not', async () => {
  const { double, take } = await open('json');
  const event = (sender_id: string, subtype: string) =>
    take(written('json', { ...TEXT, sender_id, type: 'event', data: { subtype } }));
  for (const subtype of ['follow', 'scan', 'scan_follow', 'click', 'subscribe']) await event('n11', subtype);
  await event('n12', 'unfollow');
  await event('n13', 'view');
  expect(double.heard).toEqual(Array.from({ length: 5 }, () => ['im:11@weibo']));
});

test('a repeated callback is the same message; other words in the same second are another one', async () => {
  const { double, take } = await open('json');
  for (const text of ['hi', 'hi', 'ho']) await take(written('json', { ...TEXT, text }));
  expect(double.submitted.map(({ nativeId }) => nativeId)).toHaveLength(2);
  expect(new Set(double.submitted.map(({ nativeId }) => nativeId)).size).toBe(2);
});

test('a message that the hub refuses permanently is recorded, and its sender reads why in the answer', async () => {
  const { take, double } = await open('json', new HubError('30', 'not an event'));
  expect(decodeURIComponent(await take(written('json', TEXT)))).toContain('30');
  expect(double.notCarried).toMatchObject([{ kind: 'refused' }]);
});

test('a callback that could not be stored now is delivered again', async () => {
  const { traceOf } = await open('json', new HubError('91', 'the bus is away'));
  expect(await traceOf(written('json', TEXT))).toBe('delivered again');
});

test('a recorded callback leaves a trace after any mutation', async () => {
  const accounts = { json: await open('json'), xml: await open('xml') };
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RECORDED),
      mutations,
      fc.option(fc.nat({ max: 300 })),
      async ({ form, native }, changes, cut) => {
        const account = accounts[form];
        // One that comes again is answered as it was the first time: here each is the first.
        (Reflect.get(account.adapter, 'answers') as { clear(): void }).clear();
        const body = written(form, mutated(native, changes)).slice(0, cut ?? undefined);
        const trace = await account.traceOf(body);
        expect({ body, trace }).toEqual({ body, trace: expect.any(String) as string });
        seen.add(trace ?? '');
      },
    ),
    { numRuns: Math.ceil(FUZZ_RUNS / 4) },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining(['event', 'words', 'not carried: event', 'not carried: unreadable']),
  );
});
