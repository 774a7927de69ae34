import { differencesOf } from './differences.js';

const terms = {
  from: 'fetion',
  to: 'wechat',
  classes: ['message', 'media'],
  limits: { perSecond: 200 },
  validFrom: '2026-12-01T00:00:00+08:00',
};

describe('differences', () => {
  test('of the same terms: none, also in another order or time zone', () => {
    const same = { ...terms, classes: ['media', 'message'], validFrom: '2026-11-30T16:00:00Z' };
    expect(differencesOf(terms, same)).toEqual([]);
  });

  test('are named by field, nested ones with a dot', () => {
    const changed = { ...terms, classes: ['message'], limits: { perSecond: 100, newContactsPerDay: 20 } };
    expect(differencesOf(terms, changed)).toEqual([
      { field: 'classes', before: 'media, message', after: 'message' },
      { field: 'limits.perSecond', before: '200', after: '100' },
      { field: 'limits.newContactsPerDay', before: null, after: '20' },
    ]);
  });

  test('a field that is taken away has no value after', () => {
    const { limits: _limits, ...unlimited } = terms;
    expect(differencesOf(terms, unlimited)).toEqual([
      { field: 'limits.perSecond', before: '200', after: null },
    ]);
  });

  test('entries of a list are compared by their place', () => {
    const shares = (part: number) => ({ shares: [{ party: 'integrator:east', part, of: 50 }] });
    expect(differencesOf(shares(5), shares(6))).toEqual([
      { field: 'shares.0.part', before: '5', after: '6' },
    ]);
    expect(differencesOf(shares(5), { shares: [] })).toEqual([
      { field: 'shares.0.party', before: 'integrator:east', after: null },
      { field: 'shares.0.part', before: '5', after: null },
      { field: 'shares.0.of', before: '50', after: null },
    ]);
  });

  test('a first version is all new, a removal all old', () => {
    expect(differencesOf(null, { network: 'fetion' })).toEqual([
      { field: 'network', before: null, after: 'fetion' },
    ]);
    expect(differencesOf({ network: 'fetion' }, null)).toEqual([
      { field: 'network', before: 'fetion', after: null },
    ]);
  });
});
