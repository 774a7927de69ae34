import { instantOf, localTime } from './zoned';

describe('times in a zone', () => {
  it.each([
    ['2026-12-01T00:00', 'Asia/Shanghai', '2026-11-30T16:00:00.000Z'],
    ['2026-12-01T00:00', 'UTC', '2026-12-01T00:00:00.000Z'],
    ['2026-07-01T12:30', 'Europe/Berlin', '2026-07-01T10:30:00.000Z'],
    // An hour after the clocks went back.
    ['2026-10-25T04:00', 'Europe/Berlin', '2026-10-25T03:00:00.000Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(instantOf(local, zone)).toBe(instant);
    expect(localTime(instant, zone)).toBe(local);
  });

  it.each(['', 'tomorrow', '2026-13-01T00:00'])('%j is no time', (local) =>
    expect(instantOf(local, 'UTC')).toBe(''),
  );
});
