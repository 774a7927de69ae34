import * as fc from 'fast-check';
import { businessDays, Cutover, dayAfter, dayBefore, Zone } from './business-day.js';

describe('the business day', () => {
  const shanghai = businessDays();

  it.each([
    ['the last moment of a day', '2026-11-22T22:59:59.999+08:00', '2026-11-22'],
    ['the cutover', '2026-11-22T23:00:00.000+08:00', '2026-11-23'],
    ['midnight changes nothing', '2026-11-23T00:00:00.000+08:00', '2026-11-23'],
    ['noon elsewhere', '2026-11-22T15:00:00.000Z', '2026-11-23'],
    ['the last evening of a year', '2026-12-31T23:30:00.000+08:00', '2027-01-01'],
    ['a leap day', '2028-02-28T23:00:00.000+08:00', '2028-02-29'],
  ])('%s', (_, instant, date) => {
    expect(shanghai.dateOf(new Date(instant))).toBe(date);
  });

  it('ends at the cutover', () => {
    expect(shanghai.endOf('2026-11-22').toISOString()).toBe('2026-11-22T15:00:00.000Z');
  });

  it('may end at midnight: then it is the calendar day', () => {
    const plain = businessDays('00:00', 'UTC');
    expect(plain.dateOf(new Date('2026-11-22T00:00:00Z'))).toBe('2026-11-23');
    expect(plain.dateOf(new Date('2026-11-21T23:59:59Z'))).toBe('2026-11-22');
  });

  it('is 23 or 25 hours long when the clocks change', () => {
    const berlin = businessDays('23:00', 'Europe/Berlin');
    const hours = (date: string) =>
      (berlin.endOf(date).getTime() - berlin.endOf(dayBefore(date)).getTime()) / 3_600_000;
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-11-22')]).toEqual([23, 25, 24]);
  });

  it('ends when the clocks jump over its cutover, and once only when they show it twice', () => {
    const berlin = businessDays('02:30', 'Europe/Berlin');
    expect(berlin.endOf('2026-03-29').toISOString()).toBe('2026-03-29T01:00:00.000Z');
    expect(berlin.endOf('2026-10-25').toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(berlin.dateOf(new Date('2026-10-25T01:10:00Z'))).toBe('2026-10-26');
  });

  it.each(['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'])(
    'in %s every instant is of one day, and later ones of no earlier day',
    (zone) => {
      const days = businessDays('23:00', zone);
      const instant = fc.date({
        min: new Date('2010-01-01'),
        max: new Date('2030-01-01'),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(instant, fc.integer({ min: 0, max: 86_400_000 }), (one, later) => {
          const date = days.dateOf(one);
          expect(one < days.endOf(date)).toBe(true);
          expect(one >= days.endOf(dayBefore(date))).toBe(true);
          expect(days.dateOf(new Date(one.getTime() + later)) >= date).toBe(true);
        }),
      );
    },
  );

  it('knows the days around it', () => {
    expect([dayBefore('2026-03-01'), dayAfter('2026-12-31')]).toEqual(['2026-02-28', '2027-01-01']);
  });

  it('is refused with a time or a zone that there is not', () => {
    expect(Cutover.safeParse('24:00').success).toBe(false);
    expect(Zone.safeParse('Asia/Atlantis').success).toBe(false);
    expect(Zone.safeParse('Asia/Shanghai').success).toBe(true);
  });
});
