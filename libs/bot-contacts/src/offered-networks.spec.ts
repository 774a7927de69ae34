/** The bot account offers networks on which correspondents can exist, and one spelling of each correspondent. */
import { addressOf, CanonicalAddresses, CERTIFY, HUB, network, TEL, type Address } from '#protocol';
import { Correspondents } from './correspondents.js';
import { memoryDouble } from './testing/memory-double.js';

const li = addressOf(network('here'), 'li');
const jids = network('jids');
const amy = addressOf(jids, 'amy@localhost');
const canonical = new CanonicalAddresses((slug) => (slug === jids ? { ids: 'jid' } : undefined));

function aChannel(kept = new Map<string, unknown>()) {
  const memory = memoryDouble(kept);
  const channel = new Correspondents(
    {
      memory,
      recent: memory,
      canonical: (address) => canonical.of(address),
      peers: () => [jids, network('sandbox'), TEL, CERTIFY, HUB],
      resolve: (asked: Address) => {
        const address = canonical.orRefused(asked);
        if (typeof address !== 'string') return Promise.resolve(address);
        return Promise.resolve(address.endsWith('@jids') ? { code: '00' as const } : { code: '15' as const });
      },
    },
    'en',
  );
  let said = 0;
  return { says: (text: string) => channel.read(li, `${++said}`, text), channel };
}

test('the hub’s own names and the network of developers are not offered', async () => {
  const { says } = aChannel();
  const answer = await says('@amy@msn');
  expect(answer).toMatchObject({ act: 'answer', text: expect.stringContaining('jids') as string });
  for (const name of ['sandbox', TEL, CERTIFY])
    expect(answer).not.toMatchObject({ text: expect.stringContaining(name) as string });
});

test.each(['amy@localhost', 'Amy@localhost', 'amy@LOCALHOST.', 'Ａmy@localhost', 'amy@localhost/x'])(
  'a phone that writes %s means amy, who has number 1 and keeps it',
  async (spelling) => {
    const { says, channel } = aChannel();
    expect(await says(`@${spelling}@jids Hello`)).toMatchObject({ act: 'send', to: amy, text: 'Hello' });
    expect(await channel.show(li, { address: amy, displayName: 'Amy' }, 'Hi')).toMatch(/^\[1 /);
    expect(await says('@amy@localhost@jids again')).toMatchObject({ to: amy });
    expect(await channel.show(li, { address: addressOf(jids, 'ben@localhost') }, 'Hi')).toMatch(/^\[2 /);
  },
);

test('an impossible id is answered like a person who does not exist', async () => {
  const { says } = aChannel();
  expect(await says('@amy@@localhost@jids Hello')).toMatchObject({ act: 'answer' });
});
