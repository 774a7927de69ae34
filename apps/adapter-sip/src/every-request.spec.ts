/**
 * Each recorded MESSAGE becomes the event that stands beside it. Nothing disappears: a request is answered, with 2xx only if it
 * became an event, a receipt, a sign of typing or a record; and what is no SIP any more has no sender who could be answered.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Hub, MessageRef, ReceiptDraft } from '#adapter-kit';
import { direct, eventId, HubError, network, type Address } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import { Inbound } from './inbound.js';
import { parseMessage } from './stack/sip-parser.js';
import { Uris } from './uris.js';

interface Recorded {
  what: string;
  source: string;
  lines: string[];
  body: string;
  leads: string;
  event?: object;
}
const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'requests.json'), 'utf8'),
) as Recorded[];

const ANN = 'im:ann@youxin' as Address;
const SUE = 'im:sue@far' as Address;
const sentTo = (to: Address): MessageRef => ({
  id: eventId(network('far'), 'message', '1'),
  author: SUE,
  within: direct(SUE, to),
  native: ['crossed-1'],
  at: 0,
});

/** A registrar's way in, at which ann is known. */
function aWayIn(refuses?: HubError) {
  const double = new HubDouble({
    refuses,
    ghosts: { [`-x-${'0'.repeat(40)}`]: 'im:long@far' as Address },
    crossed: { 'crossed-1': sentTo(ANN), 'of-somebody-else': sentTo('im:bea@youxin' as Address) },
  });
  const signs: string[] = [];
  const hub = {
    ...double.hub,
    typing: (_from: unknown, to: Address, state: string, ttlMs: number) =>
      signs.push(`typing ${to} ${state} ${ttlMs}`),
    submitReceipt: ({ status, to }: ReceiptDraft) => Promise.resolve(void signs.push(`${status} ${to}`)),
  } as unknown as Hub;
  const uris = new Uris(network('youxin'), 'youxin.localhost', undefined);
  const inbound = new Inbound({ hub, uris, relay: (_, to) => Promise.resolve(to === 'bea' ? 200 : 404) });
  const traces = () =>
    double.submitted.length + double.outcomes.length + double.notCarried.length + signs.length;
  const take = async (bytes: Buffer): Promise<string> => {
    const parsed = parseMessage(bytes);
    if (!parsed || parsed.message.kind !== 'request') return 'no request';
    if (parsed.fault) return String(parsed.fault.status);
    const before = traces();
    const { status } = await inbound.message({ native: 'ann', displayName: 'Ann' }, parsed.message);
    return traces() > before ? `${status}, carried` : String(status);
  };
  return { double, signs, take };
}

function bytesOf({ lines, body }: Pick<Recorded, 'lines' | 'body'>): Buffer {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return Buffer.from(`${[...lines, length].join('\r\n')}\r\n\r\n${body}`);
}

test.each(RECORDED)('$what: $leads', async (recorded) => {
  const { take, double, signs } = aWayIn();
  expect(await take(bytesOf(recorded))).toBe(recorded.leads);
  const { sentAt, ...draft } = double.submitted[0] ?? {};
  if (sentAt) expect(sentAt.getTime()).not.toBeNaN();
  const became = double.submitted[0] ? draft : { signs, outcomes: double.outcomes };
  expect(JSON.parse(JSON.stringify(became))).toEqual(recorded.event);
});

const [TEXT] = RECORDED as [Recorded];

test.each<[HubError, string]>([
  [new HubError('91', 'the bus is away'), '503'],
  [new HubError('65', 'too much'), '480'],
  [new HubError('40', 'blocked'), '403'],
  [new HubError('14', 'nobody'), '404'],
  [new HubError('61', 'too large'), '413'],
])('what the hub refuses is refused: %s', async (refusal, status) => {
  expect(await aWayIn(refusal).take(bytesOf(TEXT))).toBe(status);
});

test('a request that comes again has the same identity, whatever its transaction', async () => {
  const { take, double } = aWayIn();
  await take(bytesOf(TEXT));
  await take(bytesOf({ ...TEXT, lines: TEXT.lines.map((line) => line.replace('z9hG4bK', 'z9hG4bKother')) }));
  const [first, second] = double.submitted;
  expect(first?.identity).toBe(second?.identity);
  expect(first?.identity).toBe('fixture-1@192.0.2.10 1 MESSAGE a1');
});

type Change =
  | { kind: 'cut'; at: number; length: number }
  | { kind: 'put'; at: number; text: string }
  | { kind: 'flip'; at: number; byte: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({
    kind: fc.constant('put' as const),
    at: fc.nat(),
    text: fc.constantFrom(
      '\r\n',
      '\r\n ',
      ':',
      '<',
      '>',
      '"',
      '%',
      ';',
      ',',
      '\0',
      '信',
      'Content-Length: 5',
      '\r\n\r\n',
      '&#x0;',
      '<!DOCTYPE x>',
    ),
  }),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), byte: fc.nat(255) }),
);

function changed(bytes: Buffer, changes: Change[]): Buffer {
  let text = bytes;
  for (const one of changes) {
    const at = one.at % Math.max(1, text.length);
    if (one.kind === 'cut') text = Buffer.concat([text.subarray(0, at), text.subarray(at + one.length)]);
    else if (one.kind === 'put')
      text = Buffer.concat([text.subarray(0, at), Buffer.from(one.text), text.subarray(at)]);
    else if (text.length > 0) {
      text = Buffer.from(text);
      text[at] = one.byte;
    }
  }
  return text;
}

test('a recorded request leaves a trace after any change', async () => {
  const { take } = aWayIn();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RECORDED),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      async (recorded, changes) => {
        const bytes = changed(bytesOf(recorded), changes);
        const trace = await take(bytes);
        // "200" without a trace: a message to a neighbour, or a receipt for what is known already.
        expect({ bytes: bytes.toString(), trace }).toEqual({
          bytes: bytes.toString(),
          trace: expect.stringMatching(
            /^(?:[4-6]\d\d(?:, carried)?|200|20[02], carried|no request)$/,
          ) as string,
        });
        seen.add(trace);
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining(['202, carried', '200, carried', '400', '415', 'no request']),
  );
});
