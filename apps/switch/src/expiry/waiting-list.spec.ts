import { WaitingList } from './waiting-list.js';

test('expired events are removed from the list once, oldest first; events without expiry are not in it', () => {
  const list = new WaitingList();
  list.add(3, 100);
  list.add(5, undefined);
  list.add(7, 50);
  list.add(9, 200);
  expect(list.readUpTo).toBe(9);
  expect(list.takeExpired(150)).toEqual([3, 7]);
  expect(list.takeExpired(150)).toEqual([]);
  expect(list.size).toBe(1);
});
