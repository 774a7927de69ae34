/** Bounds of open pages. */
import type { CallPage } from './call-page.js';
import { CallPages, MOST_OF_A_NETWORK } from './call-pages.js';

function pageOf(network: string, number: number): CallPage {
  return {
    token: `${network} ${number}`,
    call: { network, call: `call-${number}`, side: 'caller' },
  } as CallPage;
}

test('a network with too many pages opens no other one; another network does', () => {
  const pages = new CallPages();
  const all = Array.from({ length: MOST_OF_A_NETWORK }, (_, number) => pageOf('north', number));
  for (const page of all) {
    pages.checkRoomFor('north');
    pages.add(page);
  }
  expect(() => pages.checkRoomFor('north')).toThrow(expect.objectContaining({ code: '65' }) as Error);
  pages.checkRoomFor('south');
  for (const page of all) pages.remove(page);
  pages.checkRoomFor('north');
  expect(pages.all).toEqual([]);
});

test('a page is found by its token, and by network, call and side alone', () => {
  const pages = new CallPages();
  const page = pageOf('north', 1);
  pages.add(page);
  expect(pages.ofToken(page.token)).toBe(page);
  expect(pages.find('north', 'call-1', 'caller')).toBe(page);
  expect(pages.find('south', 'call-1', 'caller')).toBeUndefined();
  expect(pages.find('north', 'call-1', 'callee')).toBeUndefined();
});
