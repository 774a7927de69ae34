import { stepsFor, termsOf } from './steps';

const change = {
  state: 'proposed' as const,
  confirmations: [
    { network: 'alpha', state: 'confirmed' },
    { network: 'beta', state: 'awaited' },
  ],
};
const admin = { may: (permission: string) => permission === 'exchange:write', network: null };
const operatorOf = (network: string) => ({
  may: (permission: string) => permission === 'changes:confirm',
  network,
});

describe('steps of a change', () => {
  it('an admin approves or rejects, and approves once', () => {
    expect(stepsFor(change, admin)).toEqual(['approve', 'reject']);
    expect(stepsFor({ ...change, state: 'approved' }, admin)).toEqual(['reject']);
  });

  it('an operator answers where their own network is asked', () => {
    expect(stepsFor(change, operatorOf('beta'))).toEqual(['confirm', 'decline']);
    expect(stepsFor(change, operatorOf('alpha'))).toEqual([]);
  });

  it('a change that has ended is left as it is', () => {
    expect(stepsFor({ ...change, state: 'applied' }, admin)).toEqual([]);
  });
});

it('terms are pairs of names and values', () => {
  const terms = { from: 'alpha', classes: ['message', 'media'], limits: { perSecond: 5 }, validTo: null };
  expect(termsOf({ kind: 'agreement.add', terms })).toEqual([
    ['kind', 'agreement.add'],
    ['terms.from', 'alpha'],
    ['terms.classes', 'message, media'],
    ['terms.limits.perSecond', '5'],
    ['terms.validTo', 'null'],
  ]);
});
