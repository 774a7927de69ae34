import { addressOf, network, Party } from '#protocol';
import { presentable } from './party.js';

const address = addressOf(network('xmpp'), 'alice');

test.each([
  ['an ordinary name', '张三 👩‍👩‍👧', '张三 👩‍👩‍👧'],
  ['a long one', 'x'.repeat(300), 'x'.repeat(200)],
  ['one with an emoji at the border', `${'x'.repeat(199)}😀`, 'x'.repeat(199)],
  ['half a character', 'a\uD800b', 'a\uFFFDb'],
])('%s is shown as far as it may be', (_, displayName, shown) => {
  expect(Party.parse(presentable({ address, displayName }))).toEqual({ address, displayName: shown });
});

test('no name stays no name', () => {
  expect(presentable({ address })).toEqual({ address });
});
