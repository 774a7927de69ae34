import { createHash } from 'node:crypto';

/** The same UUID for the same text. */
export function uuidOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  const [one, two, three, four, five] = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ].map(([from, end]) => hex.slice(from, end));
  return `${one}-${two}-${three}-${four}-${five}`;
}
