import type { ExchangeChange } from './changes.js';
import type { HistoryRow } from './history.repository.js';
import { agreementAfter, routeAfter, tariffAfter, versionsOf } from './versions.js';
import { network } from '#protocol';

const ID = '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90';
const TIMES = ['2026-12-01T00:00:00.000Z', '2026-12-02T00:00:00.000Z', '2026-12-03T00:00:00.000Z'];
const FETION = network('fetion');
const WECHAT = network('wechat');

/** Newest first, as the database returns them. */
const rows = (...bodies: ExchangeChange[]): HistoryRow[] =>
  bodies
    .map((body, index) => ({
      id: ID,
      body,
      reason: 'a test',
      proposed_at: new Date(TIMES[index] ?? 0),
      proposer: 'first admin',
      approver: 'second admin',
      ended_at: new Date(TIMES[index] ?? 0),
      confirmed_by: ['fetion'],
    }))
    .reverse();
const agreementTerms = (more: object = {}) => ({
  from: FETION,
  to: WECHAT,
  classes: ['message' as const],
  validFrom: '2026-12-01T00:00:00Z',
  ...more,
});

test('an agreement that was added, limited and ended: newest first, each with what it changed', () => {
  const history = rows(
    { kind: 'agreement.add', terms: agreementTerms() },
    { kind: 'agreement.replace', id: ID, version: 1, terms: agreementTerms({ limits: { perSecond: 5 } }) },
    { kind: 'agreement.end', id: ID, version: 2 },
  );
  const versions = versionsOf(history, 10, agreementAfter);
  expect(versions.map(({ kind, differences }) => [kind, differences])).toEqual([
    ['agreement.end', [{ field: 'validTo', before: null, after: TIMES[2] }]],
    ['agreement.replace', [{ field: 'limits.perSecond', before: null, after: '5' }]],
    ['agreement.add', expect.arrayContaining([{ field: 'from', before: null, after: 'fetion' }])],
  ]);
  expect(versions[0]).toMatchObject({
    at: TIMES[2],
    proposer: 'first admin',
    approver: 'second admin',
    confirmedBy: ['fetion'],
  });
});

test('the oldest row of a page is compared with the one before it, which is not shown', () => {
  const history = rows(
    { kind: 'route.set', terms: { kind: 'prefix', key: '86139', network: FETION } },
    { kind: 'route.set', terms: { kind: 'prefix', key: '86139', network: WECHAT } },
  );
  expect(versionsOf(history, 1, routeAfter)).toMatchObject([
    { differences: [{ field: 'network', before: 'fetion', after: 'wechat' }] },
  ]);
});

test('a route that is removed', () => {
  const terms = { kind: 'prefix' as const, key: '86139', network: FETION };
  const [newest] = versionsOf(
    rows({ kind: 'route.set', terms }, { kind: 'route.remove', terms }),
    10,
    routeAfter,
  );
  expect(newest?.differences).toEqual([{ field: 'network', before: 'fetion', after: null }]);
});

test('a tariff: also its line of the tariff of a pair, and only that', () => {
  const validFrom = '2026-12-01T00:00:00Z';
  const fees = (terminationFee: string) => ({
    class: 'message' as const,
    terminationFee,
    switchFee: '0',
    shares: [],
  });
  const history = rows(
    { kind: 'tariff.add', terms: { from: WECHAT, to: FETION, validFrom, ...fees('0.030') } },
    {
      kind: 'tariff.pair',
      terms: {
        from: FETION,
        to: WECHAT,
        validFrom,
        fees: [
          { direction: 'there', ...fees('0.5') },
          { direction: 'back', ...fees('0.03') },
        ],
      },
    },
    {
      kind: 'tariff.pair',
      terms: { from: WECHAT, to: FETION, validFrom, fees: [{ direction: 'there', ...fees('0.02') }] },
    },
  );
  const line = { from: 'wechat', to: 'fetion', class: 'message' as const };
  expect(versionsOf(history, 2, tariffAfter(line)).map(({ differences }) => differences)).toEqual([
    [{ field: 'terminationFee', before: '0.03', after: '0.02' }],
    [],
  ]);
});
