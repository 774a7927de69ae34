import { matches } from './matches';

const columns = [{ value: (row: { a: string }) => row.a }, { value: (row: { b: number | null }) => row.b }];
const row = { a: 'Network Alpha', b: 42 };

it.each([
  ['alpha', true],
  ['ALPHA 42', true],
  ['alpha beta', false],
  ['  ', true],
  ['network42', false],
])('the filter %j: %s', (filter, expected) => expect(matches(row, columns, filter)).toBe(expected));
