/**
 * Each recorded update becomes the event that stands beside it, and the formatting of the event becomes the entities of the update
 * again. Nothing disappears: an update ends as an event on the bus, as words for who sent it, as a record of what was not carried,
 * or is delivered again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { direct, eventId, HubError, network, type Address, type MessageEvent } from '#protocol';
import type { MessageRef } from '#adapter-kit';
import { plainWords } from '#text';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { mutated, mutations } from '../../../libs/bot-contacts/src/testing/mutations.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { saidBy } from './from-canonical.js';
import { TelegramAdapter } from './telegram.adapter.js';
import { telegramSettings } from './telegram.config.js';

interface Entity {
  type: string;
  offset: number;
  length: number;
}
interface Recorded {
  what: string;
  leads: string;
  /** The draft that is submitted. */
  event?: object;
  update: { update_id: number; message?: { text?: string; entities?: Entity[] } };
}
const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'updates.json');
const { updates: RECORDED } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as { updates: Recorded[] };

const ANN = 'im:1234567@telegram' as Address;
/** A message of ann, which crossed. */
const crossed: MessageRef = {
  id: eventId(network('far'), 'message', '1'),
  author: ANN,
  within: direct('im:alice@far' as Address, ANN),
  native: ['1234567-12'],
  at: 0,
};

/** An account whose person has talked with somebody of another network. */
function anAccount(refuses?: HubError) {
  const double = new HubDouble({ talked: true, refuses, crossed: { '1234567-12': crossed } });
  const settings = telegramSettings.parse({
    TELEGRAM_TOKEN: '7000000001:token',
    TELEGRAM_API_URL: 'http://127.0.0.1:9',
    TELEGRAM_WEBHOOK_URL: 'http://127.0.0.1:9/webhook',
    TELEGRAM_SECRET: 'secret-secret-secret',
  });
  const adapter = new TelegramAdapter(network('telegram'), settings, double.log);
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

test.each(RECORDED)('$what: $leads', async ({ update, leads, event }) => {
  const { double, traceOf } = opened();
  const trace = await traceOf(update);
  expect(trace).toBe(leads);
  expect(JSON.parse(JSON.stringify(double.submitted[0] ?? null))).toEqual(event ?? null);
});

/** Types of entities without a form in the tree: the words stay. */
const WORDS_ONLY = new Set(['mention', 'hashtag', 'underline', 'spoiler', 'url', 'custom_emoji']);

test.each(RECORDED.filter(({ update, event }) => event && update.message?.entities))(
  'back: $what',
  async ({ update }) => {
    const { double, traceOf } = opened();
    await traceOf(update);
    const content = double.submitted[0]?.content;
    const event = { data: { content } } as MessageEvent;
    const { text = '', entities = [] } = update.message ?? {};
    const known = entities.filter(({ type }) => !WORDS_ONLY.has(type));
    const lead = '[1 Nina · telegram] ';
    const said = saidBy(event, lead + (content ? plainWords(content.body) : ''));
    const inText = said.text === lead + text;
    const back = (said.entities as Entity[]).map(({ offset, ...about }) => ({
      ...about,
      // A block of code or a quote stands on lines of its own.
      offset: inText ? offset - lead.length : known.find(({ type }) => type === about.type)?.offset,
    }));
    expect(back).toEqual(known);
  },
);

test.each([
  ['no JSON', undefined],
  ['no number', { message: {} }],
  ['a list', [1]],
])('%s is recorded as unreadable', async (_, json) => {
  expect(await opened().traceOf(json)).toBe('not carried: unreadable');
});

const [TEXT] = RECORDED;

test('a message that the hub refuses permanently is recorded, and its sender is notified', async () => {
  const { traceOf, double } = opened(new HubError('30', 'not an event'));
  expect(await traceOf(TEXT?.update)).toBe('not carried: refused');
  expect(double.sent).toEqual(['answer-1234567-41']);
});

test('an update that could not be stored now is delivered again', async () => {
  expect(await opened(new HubError('91', 'the bus is away')).traceOf(TEXT?.update)).toBe('delivered again');
});

test('an edit that overtakes its message is delivered again; one of a message that never crossed is recorded', async () => {
  const written = Math.floor(Date.now() / 1000);
  const edit = (date: number) => ({
    update_id: 5,
    edited_message: {
      message_id: 999,
      chat: { id: 1234567, type: 'private' },
      date,
      edit_date: date + 1,
      text: 'new',
    },
  });
  expect(await opened().traceOf(edit(written))).toBe('delivered again');
  expect(await opened().traceOf(edit(written - 3600))).toBe('not carried: refused');
});

test('a recorded update leaves a trace after any mutation', async () => {
  const { traceOf } = opened();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RECORDED), mutations, async (one, changes) => {
      const update = mutated(one.update, changes);
      const trace = await traceOf(update);
      expect({ update, trace }).toEqual({ update, trace: expect.any(String) as string });
      seen.add(trace ?? '');
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 4) },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining(['event', 'words', 'not carried: event', 'not carried: unreadable']),
  );
});
