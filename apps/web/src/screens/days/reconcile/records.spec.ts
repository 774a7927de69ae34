import { cellsOf, recordReader, RecordFault } from './records';

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
    expect(read('\uFEFFto,price,reference', 'wechat,0.03,"a""b,c"')).toEqual([
      undefined,
      { reference: 'a"b,c', to: 'wechat', price: '0.03' },
    ]);
  });

  it.each([
    [['name,price'], 'no-columns', 1],
    [['reference,to', ',wechat'], 'no-record', 2],
    [['{"reference":"a","to":"b"}', '{oops'], 'no-json', 2],
    [['{"to":"b"}'], 'no-record', 1],
  ])('%j: %s in line %i', (lines, why, line) => {
    expect(() => read(...lines)).toThrow(new RecordFault(why as RecordFault['why'], line));
  });

  it('empty cells stay cells', () => {
    expect(cellsOf('a,,"",b')).toEqual(['a', '', '', 'b']);
    expect(cellsOf(',b,')).toEqual(['', 'b', '']);
  });
});
