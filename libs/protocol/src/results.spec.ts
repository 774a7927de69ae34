import { HubError, RESULTS, RESULT_CODES, toHubError } from './results.js';

describe('result codes', () => {
  test('are the closed list of the design', () => {
    expect(RESULT_CODES).toEqual([
      '00',
      '08',
      '12',
      '14',
      '15',
      '25',
      '30',
      '31',
      '36',
      '40',
      '57',
      '61',
      '65',
      '68',
      '71',
      '91',
      '92',
      '93',
      '94',
      '96',
      '100',
      '101',
      '102',
      '103',
      '104',
      '105',
      '106',
      '107',
      '108',
    ]);
  });

  test.each(RESULT_CODES)('%s tells subscriber and operator what to do', (code) => {
    const { subscriber, operator, http, bus } = RESULTS[code];
    expect(subscriber.en.length).toBeGreaterThan(3);
    expect(subscriber.zh.length).toBeGreaterThan(3);
    expect(operator.length).toBeGreaterThan(10);
    // What happened, and what to do or what follows.
    expect(operator.match(/\.(?= |$)/g)?.length).toBeGreaterThanOrEqual(2);
    expect(http).toBeGreaterThanOrEqual(200);
    expect(['ack', 'retry', 'dead']).toContain(bus);
  });

  test('only what may succeed later is tried again', () => {
    const tried = RESULT_CODES.filter((code) => RESULTS[code].bus === 'retry');
    expect(tried.every((code) => RESULTS[code].class === 'retryable')).toBe(true);
  });

  test('an unknown fault is ours, and is tried again', () => {
    const error = toHubError(new TypeError('x is not a function'));
    expect(error).toMatchObject({ code: '96', verdict: 'retry' });
    expect(toHubError(new HubError('14', 'nobody')).code).toBe('14');
  });
});
