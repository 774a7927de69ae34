import { anchorOf, guidePage } from './anchor';

it.each([
  ['2. Sign on', '2-sign-on'],
  ['Killed, and with a second instance', 'killed-and-with-a-second-instance'],
  ['One address for each person', 'one-address-for-each-person'],
])('the anchor of “%s” is %s', (heading, anchor) => expect(anchorOf(heading)).toBe(anchor));

it('a page of the guide is named like the file in docs/', () => {
  expect(guidePage({ file: 'adapters.md', heading: '5. Report' })).toBe('/guide/adapters.html#5-report');
});
