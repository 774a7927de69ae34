import { addressOf, mediaUrl, network, type HubEvent, type Party } from '#protocol';
import { MediaGrants } from './media-grants.js';

const [xmpp, matrix, wechat] = [network('xmpp'), network('matrix'), network('wechat')];
const grants = new MediaGrants(Buffer.from('secret'));
const object = 'a'.repeat(43);
const url = mediaUrl({ network: xmpp, object });
const key = 'k'.repeat(43);
const amy: Party = { address: addressOf(xmpp, 'amy'), displayName: 'Amy', avatar: { url, key } };

function event(type: string, from: Party): HubEvent {
  return { type, data: { from, to: addressOf(matrix, 'ben') } } as unknown as HubEvent;
}

test.each(['receipt', 'contact', 'report'])(
  'the avatar of the sender of a %s is granted to its destination alone',
  (kind) => {
    const { avatar } = grants.granted(event(`im.hutong.${kind}.v1`, amy), matrix).data.from;
    expect(avatar?.grant && grants.isValid(matrix, url, avatar.grant)).toBe(true);
    expect(avatar?.grant && grants.isValid(wechat, url, avatar.grant)).toBe(false);
  },
);

test('no network gives away the picture of another one', () => {
  const foreign = { url: mediaUrl({ network: wechat, object }), key };
  expect(grants.grantedParty({ ...amy, avatar: foreign }, matrix)).toEqual({
    address: amy.address,
    displayName: 'Amy',
  });
});

test.each([
  ['taken away', { ...amy, avatar: null }],
  ['not told', { address: amy.address }],
])('an avatar that is %s stays so', (_, party) => {
  expect(grants.grantedParty(party, matrix)).toEqual(party);
});
