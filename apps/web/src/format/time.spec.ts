import { duration, elapsed } from './time';

const noon = new Date('2026-11-28T12:00:00Z');
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

describe('times', () => {
  it.each([
    [-5, -5, 'second'],
    [-90, -1, 'minute'],
    [7200, 2, 'hour'],
    [-86_400 * 3, -3, 'day'],
    [0, 0, 'second'],
  ])('%d seconds are %d %s', (seconds, value, unit) =>
    expect(elapsed(noon, later(seconds))).toEqual({ value, unit }),
  );

  it.each([
    [12, '12 ms'],
    [2140, '2.1 s'],
    [184_000, '3 min 4 s'],
    [7_500_000, '2 h 5 min'],
    [172_800_000, '48 h'],
  ])('%d ms are written %s', (ms, text) => expect(duration(ms)).toBe(text));
});
