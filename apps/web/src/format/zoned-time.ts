/** Times of forms, which have no zone (`2026-11-28T09:15`), in the time zone of the person. */
function offsetMs(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${parts.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

/** @returns the moment as ISO 8601 in UTC; undefined: not a time */
export function momentOf(local: string, timeZone: string): string | undefined {
  const guess = Date.parse(`${local}Z`);
  if (Number.isNaN(guess)) return undefined;
  // The offset of the guess can be that of the other side of a change of the clocks.
  const near = guess - offsetMs(guess, timeZone);
  return new Date(guess - offsetMs(near, timeZone)).toISOString();
}

/** The moment for a field of a form, to the minute; empty: none. */
export function localTimeOf(moment: string | undefined, timeZone: string): string {
  const at = Date.parse(moment ?? '');
  if (Number.isNaN(at)) return '';
  return new Date(at + offsetMs(at, timeZone)).toISOString().slice(0, 16);
}
