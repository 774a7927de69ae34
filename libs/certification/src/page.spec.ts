import { escaped, reportPage } from './page.js';
import type { Report } from './report.js';

const EVIL = `<script>alert("1")</script>' onmouseover='&`;

const report: Report = {
  network: EVIL,
  suite: EVIL,
  build: EVIL,
  capabilities: EVIL,
  loopback: EVIL,
  startedAt: '2026-11-22T12:00:00Z',
  endedAt: '2026-11-22T12:01:00Z',
  level: 'L1',
  cases: [
    {
      id: EVIL,
      level: 'L1',
      title: EVIL,
      verdict: 'fail',
      reason: EVIL,
      ms: 5,
      evidence: [{ at: '2026-11-22T12:00:01Z', what: EVIL, code: '14' }],
    },
  ],
};

test('whatever an adapter or its people call themselves, no tag of theirs is in the page', () => {
  const page = reportPage({ id: EVIL, state: EVIL, validUntil: EVIL, by: EVIL }, report);
  expect(page).not.toContain('<script');
  expect(page).not.toContain('alert("1")');
  expect(page).not.toMatch(/onmouseover='/);
  expect(page).toContain(escaped(EVIL));
});

test('a page says the state, the level, and what was seen', () => {
  const page = reportPage(
    { id: '1', state: 'failed', validUntil: null, by: 'somebody' },
    { ...report, network: 'example' },
  );
  for (const words of ['Certification of example', 'failed', 'L1', '1 observations', '[14]'])
    expect(page).toContain(words);
});
