import { groupsOf, type Letter } from './groups';

const letter = (id: number, reason: Letter['reason'], detail: string, network = 'alpha'): Letter => ({
  id,
  subject: 'hub.in.alpha.0',
  seq: id,
  reason,
  detail,
  network,
  attempts: 1,
  at: `2026-11-28T09:00:0${id}Z`,
  size: 10,
});

describe('dead letters by cause', () => {
  it('ids in the words make no new cause; the largest group comes first', () => {
    const groups = groupsOf([
      letter(1, '31', 'signature of 4711 does not fit'),
      letter(2, '30', 'text is missing'),
      letter(3, '31', 'signature of 4712 does not fit', 'beta'),
    ]);
    expect(
      groups.map(({ reason, letters, networks, newest }) => [reason, letters.length, networks, newest]),
    ).toEqual([
      ['31', 2, ['alpha', 'beta'], '2026-11-28T09:00:03Z'],
      ['30', 1, ['alpha'], '2026-11-28T09:00:02Z'],
    ]);
  });

  it('the same words with another code are another cause', () => {
    expect(groupsOf([letter(1, '30', 'x'), letter(2, '96', 'x')])).toHaveLength(2);
  });
});
