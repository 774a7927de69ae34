import { PairTariffTerms, tariffsOf } from './tariff-terms.js';

const price = { terminationFee: '0.03', switchFee: '0.001' };
const fee = (direction: string, kind: string) => ({ direction, class: kind, ...price });
const pair = (fees: object[], from = 'fetion', to = 'wechat') => ({
  from,
  to,
  validFrom: '2026-12-01T00:00:00Z',
  fees,
});
const faultsOf = (terms: object) =>
  PairTariffTerms.safeParse(terms).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('the tariff of a pair', () => {
  test('is one tariff for each direction and class', () => {
    const terms = PairTariffTerms.parse(pair([fee('there', 'message'), fee('back', 'sms')]));
    expect(tariffsOf(terms)).toEqual([
      { from: 'fetion', to: 'wechat', class: 'message', validFrom: terms.validFrom, ...price, shares: [] },
      { from: 'wechat', to: 'fetion', class: 'sms', validFrom: terms.validFrom, ...price, shares: [] },
    ]);
  });

  test('names each direction and class once', () => {
    expect(faultsOf(pair([fee('there', 'message'), fee('there', 'message')]))).toEqual([
      'fees: each direction and class is named once',
    ]);
  });

  test('of all networks with all has one direction', () => {
    expect(faultsOf(pair([fee('there', 'message'), fee('back', 'message')], '*', '*'))).toEqual([
      'fees: both ends are the same: there is one direction',
    ]);
    expect(faultsOf(pair([fee('there', 'message')], '*', '*'))).toBeUndefined();
  });

  test('has at least one fee', () => {
    expect(faultsOf(pair([]))).toHaveLength(1);
  });
});
