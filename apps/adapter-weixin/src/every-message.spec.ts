/**
 * Each recorded message becomes what stands beside it, and its content goes back as it came. Nothing disappears: a message ends as
 * an event on the bus, as words for who wrote it, as a record of what was not carried, or is tried again.
 */
import fc from 'fast-check';
import { HubError, type MediaKind } from '#protocol';
import { mutated, mutations } from '../../../libs/bot-contacts/src/testing/mutations.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { mediaItem, messageBody, textItem } from './from-canonical.js';
import { aContact, alice, OWNER, owner, RECORDED } from './testing/recorded.js';

const contacts: Awaited<ReturnType<typeof aContact>>[] = [];
async function opened(refuses?: HubError) {
  const contact = await aContact(refuses);
  contacts.push(contact);
  return contact;
}
afterEach(async () => {
  for (const { adapter } of contacts.splice(0)) await adapter.stop();
});

test('there are at least twenty', () => {
  expect(RECORDED.length).toBeGreaterThanOrEqual(20);
});

test.each(RECORDED)('$what: $leads', async ({ native, leads, becomes }) => {
  const { traceOf, double } = await opened();
  expect(await traceOf(native)).toBe(leads);
  expect(double.submitted[0] ?? double.notCarried[0] ?? {}).toMatchObject(becomes);
});

const AS: Record<number, MediaKind> = { 2: 'image', 4: 'file', 5: 'video' };

test.each(RECORDED.filter(({ back }) => back))('$what goes back as it came', async ({ native, back }) => {
  const { double, traceOf } = await opened();
  await traceOf(native);
  const [draft] = double.submitted;
  const [medium] = draft?.media ?? [];
  const as = AS[native.item_list[0]?.['type'] as number];
  const uploaded = {
    as: as ?? 'file',
    filename: medium?.filename ?? '',
    key: Buffer.from(medium?.source['key'] ?? '', 'hex'),
    place: medium?.source['param'] ?? '',
    plainBytes: 5,
    cipherBytes: 16,
  };
  const { content = '' } = (draft?.content.body ?? {}) as { content?: string };
  const item = medium ? mediaItem(uploaded) : textItem(`[1 alice · far] ${content}`);
  expect(messageBody(OWNER, 'key', item, 'QUJD')).toEqual({
    msg: {
      from_user_id: '',
      to_user_id: OWNER,
      client_id: expect.stringMatching(/^hutong-[0-9a-f]{32}$/) as string,
      message_type: 2,
      message_state: 2,
      item_list: [back],
      context_token: 'QUJD',
    },
  });
  expect([draft?.from.address, draft?.to]).toEqual([owner, alice]);
});

test('the items of one message keep their order', async () => {
  const { traceOf, double } = await opened();
  await traceOf(RECORDED.find(({ what }) => what.startsWith('a text and a picture'))?.native);
  expect(
    double.submitted.map(({ nativeId, media }) => [nativeId.slice(OWNER.length + 1), media?.length]),
  ).toEqual([
    ['7495000000000000021', undefined],
    ['7495000000000000021.2', 1],
  ]);
});

test('the context token is in no record', async () => {
  const { traceOf, double } = await opened();
  for (const { native } of RECORDED) await traceOf(native);
  await traceOf({ context_token: 'QUJD' });
  expect(double.notCarried.length).toBeGreaterThan(3);
  expect(JSON.stringify(double.notCarried)).not.toContain('QUJD');
});

test.each([
  ['nothing', undefined],
  ['a text', 'hi'],
  ['without an author', { item_list: [] }],
])('%s is recorded as unreadable', async (_, native) => {
  expect(await (await opened()).traceOf(native)).toBe('not carried: unreadable');
});

test('a message that the hub refuses is recorded, and its author is notified', async () => {
  const { traceOf, double } = await opened(new HubError('30', 'not an event'));
  expect(await traceOf(RECORDED[0]?.native)).toBe('not carried: refused');
  expect(double.sent).toHaveLength(1);
});

test('a message that could not be stored now is tried again', async () => {
  const { traceOf } = await opened(new HubError('91', 'the bus is away'));
  expect(await traceOf(RECORDED[0]?.native)).toBe('delivered again');
});

test('a recorded message leaves a trace after any mutation', async () => {
  const { traceOf } = await opened();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RECORDED), mutations, async ({ native }, changes) => {
      const told = mutated(native, changes);
      const trace = await traceOf(told);
      expect({ told, trace }).toEqual({ told, trace: expect.any(String) as string });
      seen.add(trace ?? '');
    }),
    { numRuns: FUZZ_RUNS },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining(['event', 'words', 'not carried: event', 'not carried: unreadable']),
  );
});
