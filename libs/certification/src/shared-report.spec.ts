import { forEverybody } from './shared-report.js';
import type { Report } from './report.js';

test('everybody sees the verdicts, and neither accounts nor addresses nor observations', () => {
  const report: Report = {
    network: 'example',
    suite: '4',
    build: '1.0',
    capabilities: null,
    loopback: '+8613900139099',
    startedAt: '2026-11-22T12:00:00Z',
    level: null,
    cases: [
      {
        id: 'text',
        level: 'L1',
        title: 'A text and its answer',
        verdict: 'fail',
        reason:
          'the answer came from im:%2B8613900139098@example, not from im:%2B8613900139099@example (+8613900139099)',
        evidence: [{ at: '2026-11-22T12:00:01Z', what: 'instance 4711-secret' }],
      },
    ],
  };
  const shared = forEverybody(report);
  expect(shared.cases[0]).toMatchObject({
    verdict: 'fail',
    reason: 'the answer came from im:…@example, not from im:…@example ((the loopback))',
    evidence: [],
  });
  expect(JSON.stringify(shared)).not.toMatch(/86139|4711/);
});
