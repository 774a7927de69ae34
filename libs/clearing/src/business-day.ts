/** Business days. A day ends at its cutover; what happens at that instant or later belongs to the next day. */
import { z } from 'zod';

/** "2026-11-22": the calendar date, in the clearing zone, of the cutover that ends the day. */
export const BusinessDate = z.iso.date().meta({ id: 'BusinessDate' });
export type BusinessDate = string;

export const Cutover = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, such as 23:00');
export const Zone = z.string().max(100).refine(isZone, 'a time zone, such as Asia/Shanghai');

export const DEFAULT_CUTOVER = '23:00';
export const DEFAULT_ZONE = 'Asia/Shanghai';

const DAY_MS = 24 * 3600 * 1000;

export interface BusinessDays {
  /** The day to which an instant belongs. */
  dateOf(instant: Date): BusinessDate;
  /** The first instant after the day. */
  endOf(date: BusinessDate): Date;
}

/** @throws RangeError for an unknown zone */
export function businessDays(cutover = DEFAULT_CUTOVER, zone = DEFAULT_ZONE): BusinessDays {
  const wall = wallClock(zone);
  const ends = new Map<BusinessDate, Date>();
  const endOf = (date: BusinessDate): Date => {
    const known = ends.get(date);
    if (known) return known;
    const end = instantOf(Date.parse(`${date}T${cutover}:00Z`), wall);
    ends.set(date, end);
    return end;
  };
  /** The day of the last instant that was asked for: the next one is nearly always in it, and the wall clock is slow. */
  let last: { date: BusinessDate; start: Date; end: Date } | undefined;
  const dateOf = (instant: Date): BusinessDate => {
    if (last && instant >= last.start && instant < last.end) return last.date;
    const date = found(instant);
    last = { date, start: endOf(dayBefore(date)), end: endOf(date) };
    return date;
  };
  const found = (instant: Date): BusinessDate => {
    let date = dateText(wall(instant.getTime()));
    while (instant < endOf(dayBefore(date))) date = dayBefore(date);
    while (instant >= endOf(date)) date = dayAfter(date);
    return date;
  };
  return { dateOf, endOf };
}

export function dayAfter(date: BusinessDate): BusinessDate {
  return daysAfter(date, 1);
}

export function dayBefore(date: BusinessDate): BusinessDate {
  return daysAfter(date, -1);
}

export function daysAfter(date: BusinessDate, days: number): BusinessDate {
  return dateText(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

function dateText(ms: number): BusinessDate {
  return new Date(ms).toISOString().slice(0, 10);
}

/** What the clocks of the zone show at an instant, as if it were UTC. */
function wallClock(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const parts = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

/** The first instant at which the clocks of the zone show this time or a later one. If a time change skips it, that is the moment of the change. */
function instantOf(shown: number, wall: (instant: number) => number): Date {
  const offsets = [shown - DAY_MS, shown + DAY_MS].map((near) => wall(near) - near);
  const candidates = offsets.map((offset) => shown - offset).sort((one, other) => one - other);
  const exact = candidates.find((instant) => wall(instant) === shown);
  if (exact !== undefined) return new Date(exact);
  let [before, after] = [candidates[0] ?? shown, candidates[1] ?? shown];
  while (after - before > 1000) {
    const middle = before + Math.floor((after - before) / 2000) * 1000;
    if (wall(middle) < shown) before = middle;
    else after = middle;
  }
  return new Date(after);
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch (error) {
    if ((error as Error).name === 'RangeError') return false;
    throw error;
  }
}
