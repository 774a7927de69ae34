import pino from 'pino';
import { addressOf, HubError, network, type Avatar, type MediaUrl } from '#protocol';
import type { NativeAvatar, NativeProfile } from '../drafts.contract.js';
import { OwnProfiles } from './own-profiles.js';

const amy = addressOf(network('xmpp'), 'amy@localhost');
const cat: NativeAvatar = { version: 'cat', source: { url: 'cat.png' } };
const dog: NativeAvatar = { version: 'dog', source: { url: 'dog.png' } };

function avatarOf({ version }: NativeAvatar): Avatar {
  return { url: `hub-media:xmpp/${version.padEnd(43, '_')}` as MediaUrl, key: 'k'.repeat(43) };
}

/** A network whose answers the test determines, and a bucket that outlives a process. */
function aNetwork(answers: (NativeProfile | HubError)[] = [], stored = new Map<string, unknown>()) {
  const asked: string[] = [];
  const fetched: string[] = [];
  let refusal: HubError | undefined;
  const start = () =>
    new OwnProfiles(
      {
        profileOf: (address) => {
          asked.push(address);
          const answer = answers.shift() ?? {};
          return answer instanceof HubError ? Promise.reject(answer) : Promise.resolve(answer);
        },
      },
      {
        get: (key) => Promise.resolve(stored.get(key)),
        put: (key, value) => Promise.resolve(void stored.set(key, structuredClone(value))),
      },
      {
        take: (avatar) => {
          fetched.push(avatar.version);
          return refusal ? Promise.reject(refusal) : Promise.resolve(avatarOf(avatar));
        },
      },
      pino({ level: 'silent' }),
    );
  return { profiles: start(), start, asked, fetched, stored, refuse: (error: HubError) => (refusal = error) };
}

/** Everything that was begun in the background has ended. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the name of a person', () => {
  test('is asked for before the first event, once, and survives a restart', async () => {
    const net = aNetwork([{ displayName: 'Amy Wong', fallbackName: 'amy' }]);
    expect(await net.profiles.party({ address: amy })).toEqual({ address: amy, displayName: 'Amy Wong' });
    await net.profiles.party({ address: amy });
    await settled();
    expect(await net.start().party({ address: amy })).toEqual({ address: amy, displayName: 'Amy Wong' });
    expect(net.asked).toEqual([amy]);
  });

  test('is made of the id while none is known', async () => {
    const { profiles } = aNetwork([{ fallbackName: 'amy' }]);
    expect(await profiles.party({ address: amy })).toEqual({ address: amy, displayName: 'amy' });
  });

  test('changes when an event or a report says so, and only then', async () => {
    const { profiles } = aNetwork([{ fallbackName: 'amy' }]);
    const names: (string | undefined)[] = [];
    const says = async (displayName?: string) => {
      const party = { address: amy, ...(displayName === undefined ? {} : { displayName }) };
      names.push((await profiles.party(party)).displayName);
    };
    await says();
    await says('Amy');
    await says();
    await says('\u3164');
    await says('Hutong');
    profiles.learn(amy, { displayName: 'Amy Wong' });
    await says();
    profiles.learn(amy, { fallbackName: 'amy', avatar: null });
    await says();
    profiles.learn(amy, { displayName: null, fallbackName: 'amy' });
    await says();
    expect(names).toEqual(['amy', 'Amy', 'Amy', 'Amy', 'Amy', 'Amy Wong', 'Amy Wong', 'amy']);
  });

  test('is missing, and the event goes all the same, while the network cannot be asked', async () => {
    const net = aNetwork([new HubError('91', 'away')]);
    expect(await net.profiles.party({ address: amy })).toEqual({ address: amy });
    await net.profiles.party({ address: amy });
    expect(net.asked).toHaveLength(1);
  });

  test('calls for one person resolve in the order of the calls', async () => {
    const { profiles } = aNetwork([{ displayName: 'Amy' }]);
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => profiles.party({ address: amy }).then(() => order.push(n))),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('a resolve for a stranger asks the network nothing', async () => {
    const net = aNetwork([{ displayName: 'Amy' }]);
    expect(await net.profiles.known(amy)).toEqual({ address: amy });
    expect(net.asked).toEqual([]);
  });
});

describe('the avatar of a person', () => {
  test('comes with the first event, and is fetched once for each change', async () => {
    const net = aNetwork([{ avatar: cat }]);
    expect(await net.profiles.party({ address: amy })).toEqual({ address: amy, avatar: avatarOf(cat) });
    for (let n = 0; n < 10; n++) {
      net.profiles.learn(amy, { avatar: cat });
      await net.profiles.party({ address: amy });
    }
    net.profiles.learn(amy, { avatar: dog });
    await settled();
    expect(await net.profiles.party({ address: amy })).toEqual({ address: amy, avatar: avatarOf(dog) });
    expect(net.fetched).toEqual(['cat', 'dog']);
  });

  test('that was removed is sent as removed', async () => {
    const net = aNetwork([{ avatar: cat }]);
    await net.profiles.party({ address: amy });
    net.profiles.learn(amy, { avatar: null });
    expect(await net.profiles.party({ address: amy })).toEqual({ address: amy, avatar: null });
    net.profiles.learn(amy, { avatar: cat });
    await settled();
    expect(await net.profiles.party({ address: amy })).toEqual({ address: amy, avatar: avatarOf(cat) });
  });

  test('that is refused hurts no message, and is not fetched again', async () => {
    const net = aNetwork([{ displayName: 'Amy', avatar: cat }]);
    net.refuse(new HubError('106', 'an avatar of type text/html'));
    for (let n = 0; n < 5; n++) {
      expect(await net.profiles.party({ address: amy })).toEqual({ address: amy, displayName: 'Amy' });
      net.profiles.learn(amy, { avatar: cat });
      await settled();
    }
    expect(net.fetched).toEqual(['cat']);
  });

  test('of several changes in a row, the last one counts', async () => {
    const net = aNetwork();
    for (const avatar of [cat, dog, cat, dog, null, cat, dog]) net.profiles.learn(amy, { avatar });
    await settled();
    expect((await net.profiles.party({ address: amy })).avatar).toEqual(avatarOf(dog));
  });
});
