/** The two tables: every result has a status, and what phones and proxies say has a result. */
import { isSuccess, RESULT_CODES } from '#protocol';
import { sipError, statusOf } from './sip.errors.js';

test('every result code has a status of SIP, and success is 202', () => {
  for (const code of RESULT_CODES) {
    const { status } = statusOf(code);
    if (isSuccess(code)) expect(status).toBe(202);
    else expect(status).toBeGreaterThanOrEqual(400);
  }
});

test('who may try again is told when; who sends what we do not take, what we take', () => {
  expect(statusOf('91')).toEqual({ status: 503, headers: [['retry-after', '10']] });
  expect(statusOf('65').headers).toEqual([['retry-after', '10']]);
  expect(statusOf('12').headers[0]?.[0]).toBe('accept');
});

test.each([
  [404, '14'],
  [415, '12'],
  [480, '91'],
  [403, '40'],
  [603, '40'],
  [408, '103'],
  [503, '91'],
  [299, '100'],
  [699, '100'],
])('%i is %s', (status, code) => {
  expect(sipError({ status, reason: 'said' }).code).toBe(code);
});
