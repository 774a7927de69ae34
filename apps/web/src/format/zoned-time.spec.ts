import { localTimeOf, momentOf } from './zoned-time';

describe('times of forms', () => {
  it.each([
    ['2026-11-28T09:15', 'Asia/Shanghai', '2026-11-28T01:15:00.000Z'],
    ['2026-11-28T09:15', 'UTC', '2026-11-28T09:15:00.000Z'],
    ['2026-07-01T00:00', 'America/New_York', '2026-07-01T04:00:00.000Z'],
    ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T12:00', 'Europe/Berlin', '2026-10-25T11:00:00.000Z'],
  ])('%s in %s is %s, and back', (local, zone, moment) => {
    expect(momentOf(local, zone)).toBe(moment);
    expect(localTimeOf(moment, zone)).toBe(local);
  });

  it('what is no time is none', () => {
    expect(momentOf('', 'UTC')).toBeUndefined();
    expect(momentOf('soon', 'UTC')).toBeUndefined();
    expect(localTimeOf(undefined, 'UTC')).toBe('');
    expect(localTimeOf('soon', 'UTC')).toBe('');
  });
});
