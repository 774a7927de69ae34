import { problemsOf, type Findings, type NetworkState } from './problems.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const network = (slug: string, more: Partial<NetworkState> = {}): NetworkState => ({
  slug,
  status: 'live',
  signedOn: true,
  nativeConnected: true,
  lastHeard: '2026-03-01T09:59:59Z',
  ...more,
});
const NOTHING: Findings = {
  networks: [],
  credentials: [],
  certificates: [],
  letters: new Map(),
  overduePositions: [],
  webhooks: [],
  overdueDay: undefined,
};
const found = (findings: Partial<Findings>) =>
  problemsOf({ ...NOTHING, ...findings }, NOW).map(({ kind, severity, subject }) => [
    kind,
    severity,
    subject,
  ]);

test('where all is well there is no problem', () => {
  expect(found({ networks: [network('xmpp')] })).toEqual([]);
});

test('the worst comes first', () => {
  expect(
    found({
      networks: [network('held', { status: 'suspended' }), network('down', { nativeConnected: false })],
      credentials: [{ network: 'soon', until: new Date('2026-03-05T00:00:00Z') }],
      certificates: [{ network: 'over', until: new Date('2026-02-28T00:00:00Z') }],
      letters: new Map([['xmpp', 3]]),
      overduePositions: [
        { party: 'late', date: '2026-02-01', due_on: '2026-02-11', count: 2, outstanding: '-61000000' },
      ],
      webhooks: [{ url: 'https://noc.example.cn/hook', disabled_at: NOW }],
      overdueDay: '2026-02-25',
    }),
  ).toEqual([
    ['network-unavailable', 'critical', 'down'],
    ['certificate-expires', 'critical', 'over'],
    ['day-not-closed', 'critical', '2026-02-25'],
    ['network-suspended', 'warning', 'held'],
    ['credential-expires', 'warning', 'soon'],
    ['dead-letters', 'warning', 'xmpp'],
    ['position-overdue', 'warning', 'HT20260201-late'],
    ['webhook-disabled', 'warning', 'noc.example.cn'],
  ]);
});

test('each says what to do', () => {
  const problems = problemsOf(
    { ...NOTHING, networks: [network('down', { signedOn: false })], letters: new Map([['xmpp', 1]]) },
    NOW,
  );
  expect(problems).toHaveLength(2);
  for (const { todo, words } of problems) expect([todo, words]).not.toContain('');
});

test('there are never more than an answer can have', () => {
  const networks = Array.from({ length: 500 }, (_, index) => network(`n${index}`, { signedOn: false }));
  expect(found({ networks })).toHaveLength(200);
});
