import { isSearch, queryOf, timeOf } from './search-terms';

const SHANGHAI = 'Asia/Shanghai';
const now = new Date('2026-11-28T04:00:00.000Z');

it.each([
  ['9:00', '2026-11-28T01:00:00.000Z'],
  ['23:59', '2026-11-28T15:59:00.000Z'],
  ['2026-11-27', '2026-11-26T16:00:00.000Z'],
  ['2026-11-27T08:30', '2026-11-27T00:30:00.000Z'],
  ['2026-11-27 08:30', '2026-11-27T00:30:00.000Z'],
  ['2026-11-27T08:30:00Z', '2026-11-27T08:30:00.000Z'],
  ['2026-11-27T08:30:00+02:00', '2026-11-27T06:30:00.000Z'],
  ['24:00', undefined],
  ['yesterday', undefined],
  ['2026-13-01', undefined],
  ['<script>', undefined],
])('%s in Shanghai is %s', (written, instant) => {
  expect(timeOf(written, SHANGHAI, now)).toBe(instant);
});

it('a time of day is that of the present day in the zone of the person: a saved view stays right tomorrow', () => {
  const late = new Date('2026-11-28T17:00:00.000Z');
  expect(timeOf('9:00', SHANGHAI, late)).toBe('2026-11-29T01:00:00.000Z');
  expect(timeOf('9:00', 'Europe/Berlin', late)).toBe('2026-11-28T08:00:00.000Z');
});

it('what stands in the address is asked of the API', () => {
  const terms = {
    address: 'im:li@alpha',
    network: 'beta',
    code: '91',
    failed: 'true',
    since: '9:00',
    until: 'never',
  };
  expect(isSearch(terms)).toBe(true);
  expect(queryOf(terms, SHANGHAI, now)).toEqual({
    address: 'im:li@alpha',
    network: 'beta',
    code: '91',
    failed: 'true',
    since: '2026-11-28T01:00:00.000Z',
  });
  expect(isSearch({})).toBe(false);
  expect(queryOf({ failed: 'false' }, SHANGHAI, now)).toEqual({});
});
