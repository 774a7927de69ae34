/** Times as people type them: what the clocks of a time zone show, "2026-12-01T00:00". */

/** @param at RFC 3339 */
export function localTime(at: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(at)).replace(' ', 'T');
}

/** @returns the instant at which the clocks of the zone show this time, RFC 3339; '' for what is no time */
export function instantOf(local: string, timeZone: string): string {
  const shown = Date.parse(`${local}Z`);
  if (Number.isNaN(shown)) return '';
  const offsetAt = (instant: number) =>
    Date.parse(`${localTime(new Date(instant).toISOString(), timeZone)}Z`) - instant;
  // The offset at the result can be another one than at the first estimate: around a time change.
  const estimate = shown - offsetAt(shown);
  return new Date(shown - offsetAt(estimate)).toISOString();
}
