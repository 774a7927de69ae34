/**
 * Nothing disappears: everything that Meta signed ends as an event on the bus, as what became of a message, as words for who sent
 * it, as a record of what was not carried, or is delivered again.
 */
import fc from 'fast-check';
import { HubError } from '#protocol';
import { mutated, mutations } from '../../../libs/bot-contacts/src/testing/mutations.js';
import { readStatuses } from './statuses.js';
import { anAccount, RECORDED } from './testing/recorded.js';
import { PHONE_ID, webhookOf } from './testing/closed-account.js';

const accounts: ReturnType<typeof anAccount>[] = [];
const opened = (refuses?: HubError) => {
  const account = anAccount(refuses);
  accounts.push(account);
  return account;
};
afterEach(async () => {
  for (const { adapter } of accounts.splice(0)) await adapter.stop();
});

test.each(RECORDED)('$what: $leads', async ({ told, leads, becomes }) => {
  const { traceOf, double } = opened();
  // "sent" says only that a message is under way.
  expect((await traceOf(webhookOf(told))) ?? 'noted').toBe(leads);
  expect(double.submitted[0] ?? double.outcomes[0] ?? double.notCarried[0] ?? {}).toMatchObject(becomes);
});

test('a batch of three people and a status is carried whole, in the order of each person', async () => {
  const { take, double } = opened();
  const [text] = RECORDED[0]?.told.messages ?? [];
  const messages = ['12025550143', '12025550144', '12025550145', '12025550143'].map((from, at) => ({
    ...text,
    from,
    id: `wamid.batch${at}`,
    text: { body: `number ${at}` },
  }));
  const { statuses } = RECORDED.find(({ what }) => what === 'status: read')?.told ?? {};
  await take(webhookOf({ messages, statuses }));
  expect(double.submitted.map(({ nativeId }) => nativeId)).toHaveLength(4);
  const ofAmira = double.submitted.filter(({ from }) => from.address === 'im:12025550143@whatsapp');
  expect(ofAmira.map(({ nativeId }) => nativeId)).toEqual(['wamid.batch0', 'wamid.batch3']);
  expect(double.outcomes).toHaveLength(1);
});

test.each([
  ['no JSON', undefined],
  ['of another product', { object: 'page', entry: [] }],
  ['without changes', { object: 'whatsapp_business_account', entry: [{ id: '1' }] }],
  ['a message without an id', webhookOf({ messages: [{ from: '1', type: 'text' }] })],
  ['a message that is no object', webhookOf({ messages: [7] })],
  ['a status that is no object', webhookOf({ statuses: [7] })],
])('%s is recorded as unreadable', async (_, json) => {
  expect(await opened().traceOf(json)).toBe('not carried: unreadable');
});

test('a change that cannot be read does not take the others of the webhook with it', async () => {
  const { take, double } = opened();
  await take(webhookOf(RECORDED[0]?.told ?? {}, 'messages', [7, { field: 'messages' }, { value: {} }]));
  expect(double.submitted).toHaveLength(1);
  expect(double.notCarried.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable']);
});

test('what concerns another number of the same account is not ours: neither messages nor statuses', async () => {
  const { take, double } = opened();
  const { statuses } = RECORDED.find(({ what }) => what === 'status: read')?.told ?? {};
  const metadata = { display_phone_number: '15550001111', phone_number_id: '999' };
  await take(webhookOf({ metadata, ...RECORDED[0]?.told, statuses }));
  expect([double.submitted, double.outcomes]).toEqual([[], []]);
  expect(double.notCarried).toMatchObject([{ kind: 'event', why: 'for another number of the account' }]);
});

test('another field of the account is recorded by its name', async () => {
  const { traceOf, double } = opened();
  expect(await traceOf(webhookOf({}, 'phone_number_quality_update'))).toBe('not carried: event');
  expect(double.notCarried[0]?.why).toContain('phone_number_quality_update');
});

test('a message that the hub refuses permanently is recorded, and its sender is notified', async () => {
  const { traceOf, double } = opened(new HubError('30', 'not an event'));
  expect(await traceOf(webhookOf(RECORDED[0]?.told ?? {}))).toBe('not carried: refused');
  expect(double.sent).toEqual([expect.stringMatching(/^answer-/)]);
});

test('a message that could not be stored now is delivered again', async () => {
  const { traceOf } = opened(new HubError('91', 'the bus is away'));
  expect(await traceOf(webhookOf(RECORDED[0]?.told ?? {}))).toBe('delivered again');
});

test('a recorded message or status leaves a trace after any mutation', async () => {
  const { traceOf } = opened();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RECORDED.filter(({ told }) => told.messages ?? told.statuses)),
      mutations,
      async (one, changes) => {
        const told = structuredClone(one.told);
        const natives = told.messages ?? told.statuses ?? [];
        natives[0] = mutated(natives[0] ?? {}, changes);
        const trace = await traceOf(webhookOf(told));
        // A status of no known name is noted in the log alone.
        const [status] = readStatuses(webhookOf(told), PHONE_ID);
        if (typeof status === 'object' && status.report === undefined) return;
        expect({ told, trace }).toEqual({ told, trace: expect.any(String) as string });
        seen.add(trace ?? '');
      },
    ),
    { numRuns: 2000 },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'event',
      'outcome',
      'not carried: event',
      'not carried: unreadable',
      'not carried: refused',
    ]),
  );
});
