/** Days and times in requests, between the years 2000 and 2200, which PostgreSQL and JavaScript interpret in the same way. */
import { z } from 'zod';

const FIRST_YEAR = 2000;
const LAST_YEAR = 2200;
const RULE = `a time in the years ${FIRST_YEAR} to ${LAST_YEAR}`;
const [FIRST, END] = [Date.UTC(FIRST_YEAR, 0), Date.UTC(LAST_YEAR + 1, 0)];

function isSane(time: string): boolean {
  const ms = Date.parse(time);
  return ms >= FIRST && ms < END;
}

/** A day, such as 2026-03-01. */
export const Day = z.iso.date().refine(isSane, RULE);

/** A time with its offset from UTC, such as 2026-03-01T08:00:00+08:00. */
export const At = z.iso.datetime({ offset: true }).refine(isSane, RULE);

/** A time in UTC, as the database returns it. */
export const Moment = z.iso.datetime().refine(isSane, RULE);
