import { network } from '#protocol';
import { silentLog } from '#service';
import { EarlyReports } from './early-reports.js';
import type { LateReport } from './late-outcomes.js';

const BOUNCED: LateReport = { stage: 'failed', basis: 'network', code: '14', detail: 'no such number' };
const ARRIVED: LateReport = { stage: 'delivered', basis: 'operator-word' };
const MINUTE = 60_000;

/** A process of the adapter on what earlier ones stored. */
function aProcess(stored = new Map<string, string>()) {
  const known = new Set<string>();
  const applied: string[] = [];
  const expired: string[] = [];
  const clock = { now: 0 };
  const reports = new EarlyReports({
    network: network('sms'),
    store: {
      put: async (key, value) => void stored.set(key, JSON.stringify(value)),
      get: async (key) => JSON.parse(stored.get(key) ?? 'null') as unknown,
      delete: async (key) => void stored.delete(key),
      keys: async () => [...stored.keys()],
    },
    apply: async (native, { stage }) => {
      if (known.has(native)) applied.push(`${native} ${stage}`);
      return known.has(native);
    },
    expired: (native) => expired.push(native),
    log: silentLog,
    now: () => clock.now,
  });
  return { reports, known, applied, expired, clock, stored };
}

describe('a report that comes before its message is known', () => {
  test('is carried out as soon as the message is known, once', async () => {
    const { reports, known, applied, clock, stored } = aProcess();
    await reports.keep('m1', BOUNCED);
    await reports.round();
    expect(applied).toEqual([]);
    known.add('m1');
    clock.now += MINUTE;
    await reports.round();
    await reports.round();
    expect(applied).toEqual(['m1 failed']);
    expect(stored.size).toBe(0);
  });

  test('is kept once, however often it comes; another stage is another report', async () => {
    const { reports, known, applied } = aProcess();
    for (const report of [BOUNCED, BOUNCED, ARRIVED]) await reports.keep('m1', report);
    known.add('m1');
    await reports.round();
    expect(applied.sort()).toEqual(['m1 delivered', 'm1 failed']);
  });

  test('survives a restart', async () => {
    const { reports, stored } = aProcess();
    await reports.keep('m1', BOUNCED);
    const next = aProcess(stored);
    next.known.add('m1');
    await next.reports.start();
    await next.reports.round();
    await next.reports.stop();
    expect(next.applied).toEqual(['m1 failed']);
  });

  test('is recorded when nobody knows the message within ten minutes', async () => {
    const { reports, expired, clock, stored } = aProcess();
    await reports.keep('m1', BOUNCED);
    clock.now += 11 * MINUTE;
    await reports.round();
    expect(expired).toEqual(['m1']);
    expect(stored.size).toBe(0);
  });

  test('is refused, to be reported again, when 1,000 wait', async () => {
    const { reports } = aProcess();
    for (let n = 0; n < 1000; n++) await reports.keep(`m${n}`, BOUNCED);
    await expect(reports.keep('one more', BOUNCED)).rejects.toMatchObject({ code: '65' });
  });
});
