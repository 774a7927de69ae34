import { createHash } from 'node:crypto';
import { escaped, PAGE_POLICY, reportPage, sharedPage, summary } from './page.js';
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

test.each([
  [
    'the page for people with a key',
    () => reportPage({ id: EVIL, state: EVIL, validUntil: EVIL, by: EVIL }, report),
  ],
  ['the page for everybody', () => sharedPage({ state: EVIL, validUntil: EVIL }, report)],
])('whatever an adapter or its people call themselves, no tag of theirs is in %s', (_, render) => {
  const page = render();
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

test('a page says how many cases passed, what the level allows, and for each failure what to do and where it is documented', () => {
  const failed = { ...report.cases[0], id: 'order', title: 'Twenty in order', reason: 'lost' } as const;
  const some = { ...report, cases: [failed, { ...failed, id: 'text', verdict: 'pass' as const }] } as Report;
  const page = sharedPage({ state: 'failed', validUntil: null }, some);
  for (const words of [
    '1 of 2 cases passed, 1 failed, 0 were skipped.',
    'as agreements allow: texts',
    'Deliver one event of a conversation at a time',
    'docs/adapters.md, “4. Consume”',
  ])
    expect(page).toContain(words);
  expect(summary({ ...some, level: null })).toContain('with test networks only');
});

test('the policy of the pages allows their own style and nothing else', () => {
  const [, style = ''] =
    /<style>(.*)<\/style>/s.exec(sharedPage({ state: '', validUntil: null }, report)) ?? [];
  const digest = createHash('sha256').update(style).digest('base64');
  expect(PAGE_POLICY).toBe(
    `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});
