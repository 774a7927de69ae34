import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../../test/support/amounts.js';
import { ApiProblem } from '#http';
import { cellsOf, recordReader, shortestAmount } from './own-records.js';

const read = (...lines: string[]) => {
  const reader = recordReader();
  return lines.map((line, index) => reader(line, index + 1));
};

describe('own records', () => {
  it('are read from JSON lines', () => {
    expect(read('{"reference":"a","to":"wechat","units":2,"class":null,"other":1}', '')).toEqual([
      { reference: 'a', to: 'wechat', units: '2', class: '' },
      undefined,
    ]);
  });

  it('are read from CSV with a byte order mark, in any order of columns', () => {
    expect(read('\uFEFFto,price,reference', 'wechat,0.030000,"a""b,c"')).toEqual([
      undefined,
      { reference: 'a"b,c', to: 'wechat', price: '0.03' },
    ]);
  });

  it.each([
    [['name,price'], 'line 1 names the columns'],
    [['reference,to', ',wechat'], 'line 2 has no reference'],
    [['{"reference":"a","to":"b"}', '{oops'], 'line 2 is not JSON'],
    [['{"to":"b"}'], 'line 1 has no reference'],
    [['{"reference":"a\\u0000","to":"b"}'], 'line 1 reference has a character'],
    [['reference,to', `${'a'.repeat(301)},b`], 'line 2 reference has more than 300'],
  ])('%j: %s', (lines, why) => {
    expect(() => read(...lines)).toThrow(why);
  });

  it('empty cells stay cells', () => {
    expect(cellsOf('a,,"",b')).toEqual(['a', '', '', 'b']);
    expect(cellsOf(',b,')).toEqual(['', 'b', '']);
  });

  it.each([
    ['0.030000', '0.03'],
    ['01', '1'],
    ['-0.00', '0'],
    ['10', '10'],
    ['1e3', '1e3'],
  ])('the shortest form of %s is %s', (amount, short) => {
    expect(shortestAmount(amount)).toBe(short);
  });

  it('any text is read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (lines) => {
        try {
          for (const record of read(...lines)) if (record) expect(record.reference).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(ApiProblem);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
