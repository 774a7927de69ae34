import { pick, TEXTS_IN_ADDRESS } from './search';

describe('filters in the address', () => {
  it('known values are kept as text, others dropped', () => {
    expect(
      pick({ q: 'a', seq: 12, other: 'x', state: '', list: ['y'] }, ['q', 'seq', 'state', 'list']),
    ).toEqual({
      q: 'a',
      seq: '12',
    });
  });

  it.each(['1795967109566000030', '12', '1e5', '007', 'true', 'null', '"quoted"', '{"a":1}', 'a&b=c d+e%'])(
    '%s comes back as it was',
    (q) => {
      const { parseSearch, stringifySearch } = TEXTS_IN_ADDRESS;
      expect(pick(parseSearch(stringifySearch({ q })), ['q'])).toEqual({ q });
      expect(pick(parseSearch(`?q=${encodeURIComponent(q)}`), ['q'])).toEqual({ q });
    },
  );
});
