import { loginError, reportState, submitError } from './cmpp.errors.js';

test.each([
  [8, '65'],
  [9, '92'],
  [13, '14'],
  [6, '61'],
  [3, '103'],
  [142, '100'],
])('a message refused with %d: %s', (result, code) => {
  expect(submitError(result)).toMatchObject({
    code,
    detail: `CMPP refused the message with result ${result}`,
  });
});

test.each([
  [3, '31'],
  [9, '91'],
])('a login refused with %d: %s', (status, code) => {
  expect(loginError(status).code).toBe(code);
});

test.each([
  ['DELIVRD', 'delivered'],
  ['EXPIRED', 'expired'],
  ['UNDELIV', 'failed'],
  ['REJECTD', 'rejected'],
  ['UNKNOWN', 'unknown'],
  // The centre did not answer the gateway: the message may have arrived.
  ['MA:0001', 'unknown'],
  ['MC:0055', 'unknown'],
  // The centre refused.
  ['MB:0086', 'failed'],
  // Of one maker.
  ['MK:0012', 'failed'],
  ['ACCEPTD', undefined],
  ['ENROUTE', undefined],
])('a report says %s: %s', (stat, state) => {
  expect(reportState(stat)).toBe(state);
});
