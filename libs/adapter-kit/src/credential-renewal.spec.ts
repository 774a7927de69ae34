import { renewalTime } from './credential-renewal.js';

const DAY_MS = 24 * 3600_000;
const issued = new Date('2013-06-01T00:00:00Z');
const after = (days: number) => new Date(issued.getTime() + days * DAY_MS);

test.each([
  ['90 days: 21 days before the end', 90, 69],
  ['a year: 21 days before the end', 365, 344],
  ['30 days: in the last third', 30, 20],
  ['3 days: in the last third', 3, 2],
])('%s', (_, life, due) => {
  expect(renewalTime(issued, after(life))).toEqual(after(due));
});

test('credentials that do not expire are not renewed', () => {
  expect(renewalTime(issued, undefined)).toBeUndefined();
});
