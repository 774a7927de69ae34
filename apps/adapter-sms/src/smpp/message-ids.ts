/**
 * Ids of messages of people. In answers they are decimal digits, at most 18, because some ESMEs read them as numbers of 64 bits
 * (SMPP 3.4, appendix B). Another process never gives the same one: they begin with the time.
 */
const PREFIX = 'mo-';
const IN_A_MILLISECOND = 100_000n;
let last = 0n;

export function newMessageId(): string {
  const first = BigInt(Date.now()) * IN_A_MILLISECOND;
  last = last < first ? first : last + 1n;
  return `${PREFIX}${last}`;
}

/** As the other side reads it. */
export function shownId(id: string): string {
  return id.slice(PREFIX.length);
}
