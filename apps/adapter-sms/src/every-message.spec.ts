/**
 * Nothing disappears: everything that a gateway delivers ends as an event on the bus, as what became of a message, as words for who
 * sent it, as a record of what was not carried, or is delivered again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { MessageRef } from '#adapter-kit';
import { HubError, type MessageEvent } from '#protocol';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { IncomingMessages } from './smpp/incoming.js';
import { isReceipt, readSegment } from './smpp/content.js';
import { readReceipt } from './smpp/receipts.js';
import { COMMAND, readMessage, requestPdu, STATUS, type SmppPdu } from './smpp/smpp.pdu.js';
import type { LinkEvents } from './sms.link.js';
import { aLine, alice, ann, type LineOptions } from './testing/closed-carrier.js';

interface Recorded {
  what: string;
  /** The trace of the last one. "noted": a segment whose text is not whole, or a message that is on its way. */
  leads: string;
  /** Bodies of deliver_sm, hexadecimal. */
  native: string[];
  /** Part of the draft, outcome or record that it must become. */
  becomes: Record<string, unknown>;
  /** The text with which the same content goes to a person. */
  back?: string;
}

const FIXTURES = join(import.meta.dirname, '../fixtures/messages.json');
const { messages: RECORDED } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as { messages: Recorded[] };
const FORM = { standard: 'gsm7', long: 'udh' } as const;

/** Whatever a report names: a message of one segment that crossed. */
const EVERYTHING_CROSSED = new Proxy<Record<string, MessageRef>>(
  {},
  { get: (_, id) => ({ id: 'event', author: alice, within: {}, native: [id], at: 0 }) },
);

const lines: Awaited<ReturnType<typeof aLine>>[] = [];
afterEach(async () => {
  for (const { adapter } of lines.splice(0)) await adapter.stop();
});

async function aGateway(options: LineOptions = {}) {
  const line = await aLine({
    ...options,
    crossed: EVERYTHING_CROSSED,
  });
  lines.push(line);
  const { double, link } = line;
  const incoming = new IncomingMessages(
    { form: FORM, receiptIds: 'text', givesReceipts: false, log: double.log },
    link.events as LinkEvents,
  );
  let sequence = 0;
  const deliver = async (body: Buffer) => {
    const answers: SmppPdu[] = [];
    const frame = requestPdu(COMMAND.deliver, body)(++sequence);
    await incoming.take({ frame, answer: (pdu) => void answers.push(pdu) }, 1);
    expect(answers).toHaveLength(1);
    if (answers[0]?.status === STATUS.temporary) throw new HubError('91', 'the gateway sends it again');
  };
  return { ...line, traceOf: (body: Buffer) => double.traceOf(() => deliver(body)) };
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test.each(RECORDED)('$what: $leads', async ({ native, leads, becomes }) => {
  const { traceOf, double } = await aGateway();
  let trace: string | undefined;
  for (const body of native) trace = await traceOf(Buffer.from(body, 'hex'));
  expect(trace ?? 'noted').toBe(leads);
  expect(plain(double.submitted[0] ?? double.outcomes[0] ?? double.notCarried[0] ?? {})).toMatchObject(
    becomes,
  );
  expect(double.submitted.length).toBeLessThanOrEqual(1);
});

test.each(RECORDED.filter(({ back }) => back))('back: $what', async ({ native, back }) => {
  const { traceOf, double, adapter, link } = await aGateway();
  for (const body of native) await traceOf(Buffer.from(body, 'hex'));
  const data = { from: { address: alice }, to: ann, content: double.submitted[0]?.content };
  const event = { id: 'A'.repeat(27), data } as unknown as MessageEvent;
  const idempotencyKey = 'K'.repeat(30);
  await adapter.deliver(event, {
    idempotencyKey,
    uncertain: false,
    delayedSince: undefined,
    target: undefined,
  });
  expect(link.texts).toEqual([back]);
});

test('what the hub refuses for good is recorded, and its sender is told; what it could not store comes again', async () => {
  const [first = ''] = RECORDED[0]?.native ?? [];
  const refused = await aGateway({ refuses: new HubError('30', 'not an event') });
  expect(await refused.traceOf(Buffer.from(first, 'hex'))).toBe('not carried: refused');
  expect(refused.double.sent).toEqual([expect.stringMatching(/^answer-/)]);
  const away = await aGateway({ refuses: new HubError('91', 'the bus is away') });
  expect(await away.traceOf(Buffer.from(first, 'hex'))).toBe('delivered again');
});

/** Segments of texts that are not whole, and receipts of messages on their way, are only noted. */
function isNote(body: Buffer): boolean {
  const message = readMessage(requestPdu(COMMAND.deliver, body)(1));
  if (isReceipt(message)) return readReceipt(message, 'text') === 'on its way';
  return (readSegment(message, FORM).concatenation?.total ?? 0) > 1;
}

test('a recorded message leaves a trace after any mutation', async () => {
  const change = fc.record({
    at: fc.nat(),
    value: fc.option(fc.nat(255), { nil: undefined }),
    cut: fc.nat({ max: 4 }),
  });
  const gateway = await aGateway();
  const seen = new Set<string>();
  const bodies = fc.tuple(fc.constantFrom(...RECORDED), fc.array(change, { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(bodies, async ([{ native }, changes]) => {
      for (const one of native) {
        const body = changes.reduce(
          (before, { at, value, cut }) => {
            const from = at % Math.max(before.length, 1);
            const middle = value === undefined ? [] : [value];
            return Buffer.concat([
              before.subarray(0, from),
              Buffer.from(middle),
              before.subarray(from + cut),
            ]);
          },
          Buffer.from(one, 'hex'),
        );
        const trace = await gateway.traceOf(body);
        const native = body.toString('hex');
        if (trace === undefined) expect({ native, isNote: isNote(body) }).toEqual({ native, isNote: true });
        seen.add(trace ?? 'noted');
      }
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 3) },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'event',
      'outcome',
      'words',
      'noted',
      'not carried: event',
      'not carried: unreadable',
    ]),
  );
});
