/**
 * Nothing disappears: every event of a network, and whatever is made of it, is on the bus or refused to the network with a
 * code and words. A bad optional field is left out and named; the words of a message never are.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { InboundQueue, type Hub, type MessageDraft } from '#adapter-kit';
import { network, RESULT_CODES, wordsOf, type Address, type EventId } from '#protocol';
import { OpenAdapter } from './open.adapter.js';
import type { OpenEvent, Verdict } from './open.schema.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

type Raw = Record<string, unknown>;
const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'events.json'), 'utf8'),
) as Raw[];

function anOpenNetwork() {
  const submitted: MessageDraft[] = [];
  let others = 0;
  const other = () => Promise.resolve(`other-${++others}` as EventId);
  const log = pino({ level: 'silent' });
  const hub = {
    log,
    inbound: new InboundQueue(),
    findReferred: (native: string) =>
      Promise.resolve(/^[eh]-\d+$/.test(native) ? { id: 'found' as EventId, native: [native] } : undefined),
    submitMessage: (draft: MessageDraft) => Promise.resolve((submitted.push(draft), 'id' as EventId)),
    canonical: (address: Address) => address,
    submitReceipt: other,
    submitContact: other,
    submitOutcome: other,
    reactionsAfter: (_: unknown, { current }: { current: string[] }) =>
      Promise.resolve({ add: current, remove: [], current }),
    typing: () => void other(),
    presence: () => void other(),
  } as unknown as Hub;
  const adapter = new OpenAdapter(
    network('open'),
    {
      NETWORK: 'open',
      OPEN_PROFILE: 'generic',
      OPEN_KEY: 'a key that two parties share, 32+ characters',
    } as never,
    log,
  );
  void adapter.start(hub);
  return { adapter, submitted, done: () => submitted.length + others };
}

const open = anOpenNetwork();
afterAll(() => open.adapter.stop());

const message = (over: Raw = {}): Raw => ({ ...RECORDED[1], ...over });
const take = (raw: unknown): Promise<Verdict> => open.adapter.take(raw);
/** The words of the last message on the bus. */
function said(): string {
  const last = open.submitted.at(-1);
  return last ? wordsOf(last.content.body) : '';
}

test.each(
  RECORDED.map((event): [string, string, Raw] => [String(event['kind']), String(event['id']), event]),
)('%s %s is taken', async (_kind, id, event) => {
  const before = open.done();
  const verdict = await take(event);
  expect({ verdict, done: open.done() - before }).toEqual({ verdict: { id, accepted: true }, done: 1 });
});

describe('an optional field that cannot be read is left out, and named', () => {
  test.each<[string, Raw]>([
    ['from.name', { from: { id: 'ann', name: 7 } }],
    ['at', { at: 'yesterday' }],
    ['format', { format: 'html' }],
    ['place', { place: { latitude: 91, longitude: 0 } }],
    ['place', { place: null }],
    ['place.label', { place: { latitude: 1, longitude: 2, label: {} } }],
    ['card', { card: { phone: '1' } }],
    ['media', { media: 'cat.jpg' }],
    ['media.seconds', { media: { type: 'audio/amr', seconds: -1 } }],
    ['sticker', { sticker: [] }],
    ['replyTo', { replyTo: {} }],
    ['replyTo', { replyTo: null }],
    ['replyTo', { replyTo: 'never crossed' }],
    ['wants', { wants: ['delivered', 'tomorrow'] }],
    ['delayedSince', { delayedSince: 0 }],
  ])('%s', async (name, over) => {
    expect(await take(message(over))).toEqual({ id: 'e-2', accepted: true, ignored: [name] });
    expect(said()).toContain('hello');
  });

  test('all of them at once', async () => {
    const bad = {
      at: 1,
      format: 2,
      place: 3,
      card: 4,
      media: 5,
      sticker: 6,
      replyTo: 7,
      wants: 8,
      delayedSince: 9,
    };
    const verdict = await take(message(bad));
    expect(verdict).toMatchObject({
      accepted: true,
      ignored: expect.arrayContaining(Object.keys(bad)) as string[],
    });
  });
});

describe('an event without a required field is refused', () => {
  test.each<[string, Raw]>([
    ['words that are none', { text: 7 }],
    ['words without end', { text: 'x'.repeat(100_001) }],
    ['nobody', { from: { name: 'Ann' } }],
    ['to nobody', { to: null }],
    ['no id', { id: '' }],
    ['a kind of tomorrow', { kind: 'poll' }],
    ['nothing else than a place that is none', { text: null, place: { latitude: 91, longitude: 0 } }],
    ['a reaction without its signs', { kind: 'reaction', target: 'h-1', emoji: ['x'.repeat(65)] }],
    ['a presence of no known state', { kind: 'presence', state: 'asleep' }],
  ])('%s', async (_, over) => {
    const before = open.done();
    const verdict = await take(message(over));
    expect(verdict).toMatchObject({ accepted: false, code: '30', again: false });
    expect(verdict.detail).not.toBe('');
    expect(open.done()).toBe(before);
  });
});

test('a recorded event is accepted or refused with a code after any mutation', async () => {
  const names = [...new Set(RECORDED.flatMap((event) => Object.keys(event))), 'constructor', '__proto__'];
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, {}, [], '', 0, -1, 1e308, true, 'x'.repeat(300), '\ud800', { id: null }, [
      null,
    ]),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const changes = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RECORDED), changes, async (event, changed) => {
      const raw = JSON.parse(JSON.stringify({ ...event, ...Object.fromEntries(changed) })) as Raw;
      const before = open.done();
      const verdict = await take(raw);
      if (verdict.accepted) {
        taken++;
        expect(open.done()).toBe(before + 1);
        if (raw['kind'] === 'message' && typeof raw['text'] === 'string')
          expect(said()).toContain((raw as OpenEvent & { text: string }).text.trim().slice(0, 3));
      } else {
        expect(verdict.detail).not.toBe('');
        expect(RESULT_CODES).toContain(verdict.code);
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
  expect(taken).toBeGreaterThan(1000);
});

test('a failure that is reported with a code of success is refused', async () => {
  const { kind, id } = { kind: 'failure', id: 'e-17' };
  const verdict = await take({ ...message(), kind, id, target: 'h-1', code: '00', text: 'fine' });
  expect(verdict).toMatchObject({ id, accepted: false, code: '30' });
});
