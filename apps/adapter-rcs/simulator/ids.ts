/** Numbers and ids in the formats of 5G messages. */
import { createHash } from 'node:crypto';

/** Mobile number of China without its country code. */
export const NUMBER = /^1\d{10}$/;

export const CHATBOT = 'sip:106500000001@botplatform.rcs.example.cn';

/** Derives a number from a name that a test uses; the same name gives the same number. A number is returned unchanged. */
export function numberOf(word: string): string {
  if (NUMBER.test(word)) return word;
  const digits = createHash('md5').update(word).digest().readUInt32BE(0) % 100_000_000;
  return `139${String(digits).padStart(8, '0')}`;
}
