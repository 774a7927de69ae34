import { startOfDay } from './zoned';

it.each([
  ['2026-12-31', 'Asia/Shanghai', '2026-12-31T00:00:00+08:00'],
  ['2026-12-31', 'UTC', '2026-12-31T00:00:00+00:00'],
  ['2026-07-01', 'America/New_York', '2026-07-01T00:00:00-04:00'],
  // Summer time ends in the night of this day, and begins in that of the other.
  ['2026-11-01', 'America/New_York', '2026-11-01T00:00:00-04:00'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-29T00:00:00+01:00'],
  ['2026-12-31', 'Asia/Kolkata', '2026-12-31T00:00:00+05:30'],
])('%s begins in %s at %s', (day, zone, at) => expect(startOfDay(day, zone)).toBe(at));
