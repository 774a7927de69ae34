import { Comparer, MOST_LISTED } from './comparison';
import type { OwnRecord } from './records';

function compared(own: OwnRecord[], billed: OwnRecord[]) {
  const comparer = new Comparer();
  own.forEach((record, index) => comparer.addOwn(record, index + 1));
  billed.forEach((record) => comparer.addBilled(record));
  return comparer.finish();
}
const record = (reference: string, more: Partial<OwnRecord> = {}): OwnRecord => ({
  reference,
  to: 'wechat',
  units: '1',
  price: '0.030000',
  outcome: 'delivered',
  ...more,
});

describe('own records and the clearing file', () => {
  it('that say the same have no difference, however amounts are written', () => {
    expect(
      compared([record('a', { price: '0.03' }), record('b', { units: '01' })], [record('b'), record('a')]),
    ).toEqual({
      own: 2,
      billed: 2,
      same: 2,
      differences: [],
      count: 0,
    });
  });

  it('a record that only one side has is named, with what it costs', () => {
    expect(compared([record('ours')], [record('theirs', { price: '1' })]).differences).toEqual([
      { kind: 'onlyTheirs', reference: 'theirs', to: 'wechat', billed: '1' },
      { kind: 'onlyOurs', reference: 'ours', to: 'wechat', own: '0.030000' },
    ]);
  });

  it('another price and another outcome are two differences of one record', () => {
    const { differences, same } = compared([record('a')], [record('a', { price: '0.3', outcome: 'failed' })]);
    expect(differences).toEqual([
      { kind: 'another', reference: 'a', to: 'wechat', field: 'outcome', own: 'delivered', billed: 'failed' },
      { kind: 'another', reference: 'a', to: 'wechat', field: 'price', own: '0.030000', billed: '0.3' },
    ]);
    expect(same).toBe(0);
  });

  it('a field that the own file does not have is not compared', () => {
    expect(compared([{ reference: 'a', to: 'wechat' }], [record('a')]).count).toBe(0);
  });

  it('the same message to another network is another record, and a line that repeats is a difference', () => {
    const { differences } = compared(
      [record('a'), record('a'), record('a'), record('a', { to: 'xmpp' })],
      [record('a')],
    );
    expect(differences.map(({ kind, to }) => [kind, to])).toEqual([
      ['repeated', 'wechat'],
      ['onlyOurs', 'xmpp'],
    ]);
  });

  it('more differences than are listed are counted', () => {
    const many = Array.from({ length: MOST_LISTED + 5 }, (_, n) => record(`r${n}`));
    const { differences, count } = compared(many, []);
    expect(differences).toHaveLength(MOST_LISTED);
    expect(count).toBe(MOST_LISTED + 5);
  });
});
