import { addressOf, HUB_VOICE, network, Party, type HubEvent } from '#protocol';
import { presentableParty, withPresentableSender } from './presentable-party.js';

const address = addressOf(network('xmpp'), 'alice');

test.each([
  ['an ordinary name', '张三 👩‍👩‍👧', '张三 👩‍👩‍👧'],
  ['a long one', 'x'.repeat(300), 'x'.repeat(200)],
  ['one with an emoji at the border', `${'x'.repeat(199)}😀`, 'x'.repeat(199)],
  ['half a character', 'a\uD800b', 'a\uFFFDb'],
])('%s is shown as far as it may be', (_, displayName, shown) => {
  expect(Party.parse(presentableParty({ address, displayName }))).toEqual({ address, displayName: shown });
});

test.each([
  ['a blank one', '\u3164'],
  ['the name of the hub', 'Hutong'],
])('%s is not told', (_, displayName) => {
  expect(presentableParty({ address, displayName })).toEqual({ address });
});

test('the hub itself keeps its name', () => {
  expect(presentableParty({ address: HUB_VOICE, displayName: 'Hutong\n' })).toEqual({
    address: HUB_VOICE,
    displayName: 'Hutong',
  });
});

test('names that another network publishes are cleaned before an adapter reads them', () => {
  const data = { from: { address, displayName: 'Amy\u202E (wechat)' } };
  expect(withPresentableSender({ data } as HubEvent).data.from).toEqual({
    address,
    displayName: 'Amy ‹wechat›',
  });
});

test('no name stays no name', () => {
  expect(presentableParty({ address })).toEqual({ address });
});
