/** The segments of incoming texts: in any order, more than once, with gaps, beyond every limit. */
import fc from 'fast-check';
import { memoryDouble } from '../../../../libs/bot-contacts/src/testing/memory-double.js';
import { encode } from './alphabets.js';
import type { JoinedText, JoiningSegment } from './open-texts.js';
import { Reassembly } from './reassembly.js';

const WAIT_MS = 1000;
const ANN = '8613800138000';

function parts(text: string, reference = 7, size = 3): JoiningSegment[] {
  const letters = Array.from(text);
  const total = Math.ceil(letters.length / size);
  return Array.from({ length: total }, (_, n) => ({
    person: ANN,
    service: '10690001',
    alphabet: 'ucs2',
    text: encode(letters.slice(n * size, (n + 1) * size).join(''), 'ucs2') ?? new Uint8Array(),
    concatenation: { bits: 8, reference, total, part: n + 1 },
    id: `id-${reference}-${n + 1}`,
    native: '',
  }));
}

function aReassembly(kept = new Map<string, unknown>()) {
  const clock = { now: 1_000_000 };
  const make = () => new Reassembly({ memory: memoryDouble(kept), waitMs: WAIT_MS, now: () => clock.now });
  const reassembly = make();
  const passedOn: JoinedText[] = [];
  const take = async (...segments: JoiningSegment[]) => {
    for (const segment of segments) {
      const ready = await reassembly.add(segment);
      await reassembly.passedOn(segment.person, ready);
      passedOn.push(...ready);
    }
    return passedOn.map(({ text }) => text);
  };
  return { reassembly, clock, take, passedOn, make };
}

test('segments in any order, each up to three times, are one text', async () => {
  const text = 'the quick brown fox, 中文😀';
  const segments = parts(text);
  const orders = fc.shuffledSubarray([...segments, ...segments, ...segments], {
    minLength: 3 * segments.length,
  });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      expect(await aReassembly().take(...order)).toEqual([text]);
    }),
    { numRuns: 100 },
  );
});

test('a character that a telephone cut in two is one', async () => {
  const bytes = encode('😀!', 'ucs2') ?? new Uint8Array();
  const [first, second] = parts('ab', 3, 1);
  if (!first || !second) throw new Error('two segments');
  const { take } = aReassembly();
  expect(
    await take({ ...second, text: bytes.subarray(2) }, { ...first, text: bytes.subarray(0, 2) }),
  ).toEqual(['😀!']);
});

test('its id is that of its first segment, whichever came first, and all ids lead to it', async () => {
  const { take, passedOn } = aReassembly();
  await take(...parts('abcdef').toReversed());
  expect(passedOn[0]).toMatchObject({ id: 'id-7-1', ids: ['id-7-1', 'id-7-2'], missing: 0 });
});

test('two texts between one another stay apart', async () => {
  const [a1, a2] = parts('abcdef', 1);
  const [b1, b2] = parts('uvwxyz', 2);
  if (!a1 || !a2 || !b1 || !b2) throw new Error('two segments each');
  expect(await aReassembly().take(a1, b2, a2, b1)).toEqual(['abcdef', 'uvwxyz']);
});

test('a text with the reference of one that is not whole begins anew; the other is passed on with its gap', async () => {
  const [old] = parts('abcdef');
  const fresh = parts('uvwxyz').map((part) => ({ ...part, id: `new-${part.id}` }));
  if (!old) throw new Error('a segment');
  expect(await aReassembly().take(old, ...fresh)).toEqual(['abc[…]', 'uvwxyz']);
});

test('a whole text with the same words and reference as an earlier one is a text of its own after the time limit', async () => {
  const { take, clock } = aReassembly();
  await take(...parts('abcdef'));
  expect(await take(...parts('abcdef'))).toEqual(['abcdef']);
  clock.now += WAIT_MS;
  expect(await take(...parts('abcdef'))).toEqual(['abcdef', 'abcdef']);
});

test('what is missing after the time limit is a gap that is seen, also when another process began', async () => {
  const kept = new Map<string, unknown>();
  const { take, clock, make } = aReassembly(kept);
  const [, second, third] = parts('abcdefghijkl');
  if (!second || !third) throw new Error('three segments');
  await take(second, third);
  const next = make();
  await next.start();
  expect(next.late()).toEqual([]);
  clock.now += WAIT_MS;
  expect(next.late()).toEqual([ANN]);
  const [text] = await next.overdue(ANN);
  expect(text).toMatchObject({ id: 'id-7-2', text: '[…]defghi[…]', missing: 2 });
  await next.passedOn(ANN, text ? [text] : []);
  expect(next.late()).toEqual([]);
  expect(await next.overdue(ANN)).toEqual([]);
});

test('a person who begins texts without end fills no memory: the oldest are passed on with their gaps', async () => {
  const { take, passedOn } = aReassembly();
  for (let reference = 0; reference < 100; reference++) {
    const [first] = parts('abcdef', reference);
    if (first) await take(first);
  }
  expect(passedOn.length).toBe(92);
  expect(passedOn[0]).toMatchObject({ text: 'abc[…]', missing: 1 });
});

test('a text that was not passed on is ready again with its next segment', async () => {
  const { reassembly } = aReassembly();
  const [first, second] = parts('abcdef');
  if (!first || !second) throw new Error('two segments');
  await reassembly.add(first);
  const before = await reassembly.add(second);
  expect(await reassembly.add(second)).toEqual(before);
  await reassembly.passedOn(ANN, before);
  expect(await reassembly.add(second)).toEqual([]);
});
