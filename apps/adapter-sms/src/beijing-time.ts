/** Timestamps of CMPP, SGIP and SMGP, which are written in Beijing time wherever the program runs. Pure. */

/** China has had no summer time since 1991. */
const EAST_OF_GREENWICH_MS = 8 * 3_600_000;

/** MMDDhhmmss, as a number of up to ten decimal digits. */
export function monthToSecond(at: Date): number {
  const beijing = new Date(at.getTime() + EAST_OF_GREENWICH_MS);
  const parts = [
    beijing.getUTCMonth() + 1,
    beijing.getUTCDate(),
    beijing.getUTCHours(),
    beijing.getUTCMinutes(),
    beijing.getUTCSeconds(),
  ];
  return parts.reduce((number, part) => number * 100 + part, 0);
}

/** As it is hashed: ten digits. */
export function tenDigits(timestamp: number): string {
  return String(timestamp).padStart(10, '0');
}
