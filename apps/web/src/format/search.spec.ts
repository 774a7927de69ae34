import { pick } from './search';

describe('filters in the address', () => {
  it('known values are kept as text, others dropped', () => {
    expect(
      pick({ q: 'a', seq: 12, other: 'x', state: '', list: ['y'] }, ['q', 'seq', 'state', 'list']),
    ).toEqual({
      q: 'a',
      seq: '12',
    });
  });
});
