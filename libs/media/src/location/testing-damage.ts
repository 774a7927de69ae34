/** For tests: damage of all kinds to a file, and what must be true of whatever comes out. */
import fc from 'fast-check';
import { HubError } from '#protocol';
import { placesLeft } from './testing.js';

export type Damage =
  | { how: 'byte' | 'cut' | 'repeat'; at: number; value: number }
  | { how: 'bit'; at: number; value: number }
  | { how: 'number'; at: number; width: 1 | 2 | 4 | 8; value: number }
  | { how: 'add'; at: number; value: number }
  | { how: 'end'; at: number };

/** Structures stand at the beginning and at the end; a number there is a size, a position, a count or a version. */
export function damages(length: number): fc.Arbitrary<Damage> {
  const last = length - 1;
  const at = fc.oneof(
    fc.nat(last),
    fc.nat(Math.min(last, 700)),
    fc.nat(Math.min(last, 1500)).map((back) => last - back),
  );
  const how = <How extends Damage['how']>(name: How) => fc.constant(name);
  const width = fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const);
  const numbers = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 127, 128, 255, 256, 0xffff, length, last, 0x7fffffff];
  return fc.oneof(
    fc.record({ how: how('byte'), at, value: fc.nat(255) }),
    fc.record({ how: how('bit'), at, value: fc.nat(7) }),
    fc.record({ how: how('number'), at, width, value: fc.constantFrom(...numbers) }),
    fc.record({ how: how('add'), at, value: fc.integer({ min: -64, max: 64 }) }),
    fc.record({ how: how('cut'), at, value: fc.nat(40) }),
    fc.record({ how: how('repeat'), at, value: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ how: how('end'), at: fc.integer({ min: 1, max: Math.max(1, last) }) }),
  );
}

export function damaged(bytes: Buffer, damage: Damage): Buffer {
  const copy = Buffer.from(bytes);
  const { at } = damage;
  switch (damage.how) {
    case 'byte':
      copy[at] = damage.value;
      return copy;
    case 'bit':
      copy[at] = (copy[at] ?? 0) ^ (1 << damage.value);
      return copy;
    case 'add':
      copy[at] = ((copy[at] ?? 0) + damage.value) & 0xff;
      return copy;
    case 'number': {
      const number = Buffer.alloc(8);
      number.writeBigUInt64BE(BigInt(damage.value));
      number.copy(copy, at, 8 - damage.width);
      return copy;
    }
    case 'cut':
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + damage.value)]);
    case 'repeat':
      return Buffer.concat([copy.subarray(0, at + damage.value), copy.subarray(at)]);
    case 'end':
      return copy.subarray(0, at);
  }
}

export interface Reader {
  /** What no reader takes for a medium of this kind any more is a file of bytes, and crosses as such. */
  opens(bytes: Buffer): Promise<boolean> | boolean;
  /** By a decoder that is not ours; undefined: it does not decode. */
  decoded(bytes: Buffer): unknown;
}

/** Refused with 106, or without its place, as long as before, and readable if it was. @param erase changes the bytes */
export async function checkDamaged(
  whole: Buffer,
  damage: Damage,
  erase: (bytes: Buffer) => unknown,
  reader: Reader,
): Promise<'refused' | 'passed'> {
  const input = damaged(whole, damage);
  const output = Buffer.from(input);
  try {
    await erase(output);
  } catch (error) {
    expect(error).toBeInstanceOf(HubError);
    expect((error as HubError).code).toBe('106');
    expect((error as HubError).detail).toMatch(/\w+ \w+/);
    return 'refused';
  }
  expect(output).toHaveLength(input.length);
  const left = placesLeft(output);
  if (left.length > 0 && (await reader.opens(input))) expect({ damage, left }).toEqual({ damage, left: [] });
  if (!output.equals(input) && (await reader.decoded(input)) !== undefined)
    expect(await reader.decoded(output)).toBeDefined();
  return 'passed';
}
