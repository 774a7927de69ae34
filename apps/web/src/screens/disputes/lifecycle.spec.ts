import { actionsOf, awaited, needsHash, sideOf, urgency, type Dispute } from './lifecycle';

const opened: Pick<Dispute, 'allowed' | 'claimant' | 'respondent'> = {
  claimant: 'fetion',
  respondent: 'wechat',
  allowed: [
    { action: 'request-evidence', by: 'claimant' },
    { action: 'accept', by: 'respondent' },
    { action: 'withdraw', by: 'claimant' },
  ],
};
const operator = (network: string) => ({
  network,
  may: (permission: string) => permission === 'disputes:write',
});
const admin = { network: null, may: (permission: string) => permission === 'disputes:arbitrate' };
const auditor = { network: null, may: () => false };

test('the side that has to act is named; whoever may give in does not have to', () => {
  expect(awaited(opened)).toBe('claimant');
  expect(awaited({ allowed: [{ action: 'accept', by: 'respondent' }] })).toBeUndefined();
  expect(awaited({ allowed: [] })).toBeUndefined();
});

test('each viewer is offered the steps of their side', () => {
  expect(actionsOf(opened, operator('fetion'))).toEqual(['request-evidence', 'withdraw']);
  expect(actionsOf(opened, operator('wechat'))).toEqual(['accept']);
  expect(actionsOf(opened, admin)).toEqual([]);
  expect(actionsOf({ ...opened, allowed: [{ action: 'arbitrate', by: 'admin' }] }, admin)).toEqual([
    'arbitrate',
  ]);
  expect(actionsOf(opened, auditor)).toEqual([]);
  expect(sideOf(opened, operator('xmpp'))).toBeUndefined();
});

test('evidence needs a hash', () => {
  expect((['answer', 'represent', 'charge-back'] as const).map(needsHash)).toEqual([true, true, false]);
});

test.each([
  [null, false, 'gray'],
  ['2026-12-30T00:00:00Z', false, 'blue'],
  ['2026-12-30T00:00:00Z', true, 'red'],
  ['2026-12-02T00:00:00Z', false, 'red'],
] as const)('a deadline at %s, reminded %s, is %s', (deadline, reminded, colour) => {
  expect(urgency({ deadline, reminded }, new Date('2026-12-01T00:00:00Z'))).toBe(colour);
});
