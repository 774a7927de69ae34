/** Times in the packets of carriers. */

/** YYMMDDhhmm in the time of China, where these gateways stand. */
export function minuteOf(date: Date): string {
  return chinaTime(date).slice(2, 12);
}

/** YYYYMMDDhhmmss. */
export function chinaTime(date: Date): string {
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
}
