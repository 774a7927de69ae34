import { reportState, statusError } from './smgp.errors.js';

test.each([
  [1, '65', undefined],
  [75, '65', 900_000],
  [47, '14', undefined],
  [58, '92', undefined],
  [12, '103', undefined],
  [200, '100', undefined],
])('a message refused with %d: %s', (status, code, retryAfterMs) => {
  expect(statusError(status, 'message')).toMatchObject({ code, retryAfterMs });
});

test.each([
  [21, '31'],
  [2, '91'],
  [200, '91'],
])('a login refused with %d: %s', (status, code) => {
  expect(statusError(status, 'login').code).toBe(code);
});

test.each([
  ['DELIVRD', 'delivered'],
  ['EXPIRED', 'expired'],
  ['ACCEPTD', undefined],
  ['SOMEHOW', 'failed'],
])('a report says %s: %s', (stat, state) => {
  expect(reportState(stat)).toBe(state);
});
