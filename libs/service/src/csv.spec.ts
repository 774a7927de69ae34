import { toCsv } from './csv.js';

const cells = (...values: string[]) => toCsv([], [values]).split('\r\n')[1];

describe('CSV', () => {
  it('begins with a byte order mark and ends each line with CR LF', () => {
    expect(toCsv(['a', 'b'], [[1, null]])).toBe('\uFEFFa,b\r\n1,\r\n');
  });

  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', ' =1', '|calc', '%0A', '+86 138'])(
    'no spreadsheet executes %j',
    (text) => {
      expect(cells(text)?.replace(/^"/, '')).toBe(`'${text}`);
    },
  );

  it('signed amounts and telephone numbers stay numbers', () => {
    expect(cells('-12.50', '+8613800000000')).toBe('-12.50,+8613800000000');
  });

  it('quotes, separators and line ends stay in one cell', () => {
    expect(cells('a "b", c\nd')).toBe('"a ""b"", c\nd"');
  });
});
