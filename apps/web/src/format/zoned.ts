/** Times of day in a time zone, for what people enter as a date. */

/** @returns the offset of the zone from UTC at a time, such as `+08:00` */
function offsetOf(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return /[+-]\d\d:\d\d/.exec(name)?.[0] ?? '+00:00';
}

/** @param day `2026-12-31` @returns the beginning of the day in the zone, as in RFC 3339 */
export function startOfDay(day: string, timeZone: string): string {
  const inUtc = new Date(`${day}T00:00:00Z`);
  // The offset at the beginning of the day can differ from that at midnight UTC: look again with the first answer.
  const nearly = new Date(`${day}T00:00:00${offsetOf(inUtc, timeZone)}`);
  return `${day}T00:00:00${offsetOf(nearly, timeZone)}`;
}
