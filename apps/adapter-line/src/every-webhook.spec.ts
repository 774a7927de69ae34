/**
 * Nothing disappears: every event that LINE signed ends as an event on the bus, as words for who sent it, as a record of what was
 * not carried, or is delivered again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { HubError, network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { mutated, mutations } from '../../../libs/bot-contacts/src/testing/mutations.js';
import { LineAdapter } from './line.adapter.js';
import { lineSettings } from './line.config.js';

interface Recorded {
  what: string;
  leads: string;
  event: Record<string, unknown>;
}
const { webhooks: RECORDED } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'webhooks.json'), 'utf8'),
) as { webhooks: Recorded[] };

/** An account whose person has talked with somebody of another network. */
function anAccount(refuses?: HubError) {
  const double = new HubDouble({ talked: true, refuses });
  const settings = lineSettings.parse({ LINE_CHANNEL_SECRET: 's', LINE_CHANNEL_TOKEN: 't' });
  const closed = { ...settings, LINE_API_URL: 'http://127.0.0.1:9', LINE_DATA_URL: 'http://127.0.0.1:9' };
  const adapter = new LineAdapter(network('line'), closed, double.log);
  void adapter.start(double.hub);
  const traceOf = (json: unknown) =>
    double.traceOf(() => adapter.webhook({ native: JSON.stringify(json) ?? '', json }));
  return { adapter, double, traceOf };
}

const accounts: ReturnType<typeof anAccount>[] = [];
const opened = (refuses?: HubError) => {
  const account = anAccount(refuses);
  accounts.push(account);
  return account;
};
afterEach(async () => {
  for (const { adapter } of accounts.splice(0)) await adapter.stop();
});

test.each(RECORDED)('$what: $leads', async ({ event, leads }) => {
  expect(await opened().traceOf({ destination: 'U0', events: [event] })).toBe(leads);
});

test('the check of the address has no events, and does nothing', async () => {
  expect(await opened().traceOf({ destination: 'U0', events: [] })).toBeUndefined();
});

test.each([
  ['no JSON', undefined],
  ['no list', { events: {} }],
  ['an event without a type', { events: [{ webhookEventId: '1' }] }],
  ['an event that is no object', { events: [7] }],
])('%s is recorded as unreadable', async (_, json) => {
  expect(await opened().traceOf(json)).toBe('not carried: unreadable');
});

test('a message that the hub refuses permanently is recorded, and its sender is notified', async () => {
  const { traceOf, double } = opened(new HubError('30', 'not an event'));
  expect(await traceOf({ events: [RECORDED[0]?.event] })).toBe('not carried: refused');
  expect(double.sent).toEqual(['answer-444573844083572737']);
});

test('an event that could not be stored now is delivered again', async () => {
  expect(await opened(new HubError('91', 'the bus is away')).traceOf({ events: [RECORDED[0]?.event] })).toBe(
    'delivered again',
  );
});

test('a recorded event leaves a trace after any mutation', async () => {
  const { traceOf } = opened();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RECORDED), mutations, async (one, changes) => {
      const event = mutated(one.event, changes);
      const trace = await traceOf({ events: [event] });
      expect({ event, trace }).toEqual({ event, trace: expect.any(String) as string });
      seen.add(trace ?? '');
    }),
    { numRuns: 2000 },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining(['event', 'words', 'not carried: event', 'not carried: unreadable']),
  );
});
