import { hasEffect, nextFor, stepsFor, termsOf, type Change } from './steps';

const LI = '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90';
const WANG = '0194f3a2-8d02-7c11-8a44-51b7e09d3f2c';
const proposed = {
  state: 'proposed' as const,
  proposer: { id: LI, name: 'Li' },
  confirmations: [
    { network: 'alpha', state: 'confirmed' },
    { network: 'beta', state: 'awaited' },
  ],
};
const approved = { ...proposed, state: 'approved' as const };
const admin = (person: string) => ({
  may: (permission: string) => permission === 'exchange:write',
  person,
  network: null,
});
const operatorOf = (network: string) => ({
  may: (permission: string) => permission === 'changes:confirm',
  person: WANG,
  network,
});
const auditor = { may: () => false, person: WANG, network: null };

describe('steps of a change', () => {
  it('another admin approves or rejects, and approves once', () => {
    expect(stepsFor(proposed, admin(WANG))).toEqual(['approve', 'reject']);
    expect(stepsFor(approved, admin(WANG))).toEqual(['reject']);
  });

  it('the admin who proposed it cannot approve it, but withdraw it', () => {
    expect(stepsFor(proposed, admin(LI))).toEqual(['withdraw']);
  });

  it('an operator answers where their own network is asked, when two admins have agreed', () => {
    expect(stepsFor(proposed, operatorOf('beta'))).toEqual([]);
    expect(stepsFor(approved, operatorOf('beta'))).toEqual(['confirm', 'decline']);
    expect(stepsFor(approved, operatorOf('alpha'))).toEqual([]);
  });

  it('an auditor reads', () => {
    expect(stepsFor(proposed, auditor)).toEqual([]);
  });

  it('a change that has ended is left as it is', () => {
    expect(stepsFor({ ...proposed, state: 'applied' }, admin(WANG))).toEqual([]);
  });
});

describe('who acts next', () => {
  it('another admin than the one who proposed it', () => {
    expect(nextFor(proposed, admin(LI))).toEqual({ who: 'otherAdmin' });
    expect(nextFor(proposed, admin(WANG))).toEqual({ who: 'you' });
    expect(nextFor(proposed, auditor)).toEqual({ who: 'admin' });
  });

  it('then the members whose confirmation is missing', () => {
    expect(nextFor(approved, admin(WANG))).toEqual({ who: 'members', networks: ['beta'] });
    expect(nextFor(approved, operatorOf('beta'))).toEqual({ who: 'you' });
    expect(nextFor(approved, operatorOf('alpha'))).toEqual({ who: 'members', networks: ['beta'] });
  });

  it('nobody when it has ended', () => {
    expect(nextFor({ ...approved, state: 'declined' }, admin(WANG))).toEqual({ who: 'nobody' });
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

it.each([
  ['agreement.end', true],
  ['network.suspend', true],
  ['network.enable', false],
  ['route.set', false],
  ['person.add', false],
])('the effect of %s can be told from the traffic: %s', (kind, known) => {
  expect(hasEffect({ change: { kind } as Change['change'] })).toBe(known);
});
