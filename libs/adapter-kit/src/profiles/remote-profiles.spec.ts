import pino from 'pino';
import { addressOf, HUB_VOICE, HubError, network, type Avatar, type MediaUrl, type Party } from '#protocol';
import type { MediaFile } from '#media';
import { RemoteProfiles } from './remote-profiles.js';

const ben = addressOf(network('matrix'), '@ben:example.org');
const amy = addressOf(network('xmpp'), 'amy@localhost');

function anAvatar(name: string): Avatar {
  return { url: `hub-media:matrix/${name.padEnd(43, '_')}` as MediaUrl, key: 'k'.repeat(43) };
}

/** A network that shows avatars, and a bucket that outlives a process. */
function aNetwork(stored = new Map<string, unknown>()) {
  const shown: string[] = [];
  let fault: HubError | undefined;
  const start = () =>
    new RemoteProfiles(
      {
        showAvatar: ({ address }: Party, picture, to) => {
          if (fault) return Promise.reject(fault);
          shown.push(`${address} ${picture?.path ?? 'none'} to ${to}`);
          return Promise.resolve();
        },
      },
      {
        get: (key) => Promise.resolve(stored.get(key)),
        put: (key, value) => Promise.resolve(void stored.set(key, structuredClone(value))),
      },
      {
        fetch: ({ url }) =>
          Promise.resolve({
            path: url.replace(/.*\/|_+$/g, ''),
            [Symbol.asyncDispose]: () => Promise.resolve(),
          } as unknown as MediaFile),
      },
      pino({ level: 'silent' }),
    );
  return { profiles: start(), start, shown, fail: (error?: HubError) => (fault = error) };
}

const settled = async () => {
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
};

test('without a name in the event the known name stays, also after a restart', async () => {
  const net = aNetwork();
  expect(await net.profiles.party({ address: ben })).toEqual({ address: ben });
  await net.profiles.party({ address: ben, displayName: 'Ben' });
  expect(await net.profiles.party({ address: ben })).toEqual({ address: ben, displayName: 'Ben' });
  expect(await net.profiles.party({ address: ben, displayName: '\u2800' })).toEqual({
    address: ben,
    displayName: 'Ben',
  });
  await settled();
  expect(await net.start().party({ address: ben })).toEqual({ address: ben, displayName: 'Ben' });
});

test('names of a hostile network are cleaned', async () => {
  const { profiles } = aNetwork();
  expect(await profiles.party({ address: ben, displayName: 'Amy\u202E (xmpp)\n' })).toEqual({
    address: ben,
    displayName: 'Amy ‹xmpp›',
  });
});

test('the hub keeps its own name', async () => {
  const hub = { address: HUB_VOICE, displayName: 'Hutong' };
  expect(await aNetwork().profiles.party(hub)).toEqual(hub);
});

test('an avatar is shown once for each change, and is no part of what an adapter reads', async () => {
  const net = aNetwork();
  const tells = async (avatar: Avatar | null, profiles = net.profiles) => {
    expect(await profiles.party({ address: ben, avatar }, amy)).toEqual({ address: ben });
    await settled();
  };
  await tells(null);
  await tells(anAvatar('cat'));
  await tells(anAvatar('cat'));
  await tells(anAvatar('cat'), net.start());
  await tells(anAvatar('dog'));
  await tells(null);
  await tells(null);
  expect(net.shown).toEqual(['cat', 'dog', 'none'].map((what) => `${ben} ${what} to ${amy}`));
});

test('an avatar that cannot be shown is tried again later, not with every message', async () => {
  const net = aNetwork();
  let asked = 0;
  net.fail(new HubError('106', 'not taken'));
  for (; asked < 5; asked++) {
    await net.profiles.party({ address: ben, avatar: anAvatar('cat') }, amy);
    await settled();
  }
  net.fail();
  await net.profiles.party({ address: ben, avatar: anAvatar('cat') }, amy);
  await settled();
  expect([asked, net.shown]).toEqual([5, []]);
  await net.start().party({ address: ben, avatar: anAvatar('cat') }, amy);
  await settled();
  expect(net.shown).toHaveLength(1);
});
