/** Random values for the fields of frames. */
import fc from 'fast-check';

export const uint8 = fc.integer({ min: 0, max: 0xff });
export const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

/** Text of one byte for each character, without NUL. */
export function text(most: number): fc.Arbitrary<string> {
  return bytes({ maxLength: most }).map((some) => some.toString('latin1').replaceAll('\0', ' '));
}

export function bytes(size: { minLength?: number; maxLength: number }): fc.Arbitrary<Buffer> {
  return fc.uint8Array(size).map((some) => Buffer.from(some));
}

export function octets(length: number): fc.Arbitrary<Buffer> {
  return bytes({ minLength: length, maxLength: length });
}

/** An identifier of so many bytes. */
export function hexDigits(length: number): fc.Arbitrary<string> {
  return octets(length).map((some) => some.toString('hex'));
}
