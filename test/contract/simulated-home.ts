/** Simulated networks as homes for ann. */
import { addressOf } from '#protocol';
import type { HubFixture } from '../support/hub-fixture.js';
import type { Seen } from '#phones';
import { reach, type SimulatedHome } from '../support/simulated-homes.js';
import { SimulatedPhone, type Oddity } from '#phones';
import { everything } from '#adapter-contract';
import { capabilitiesOf, loadProfile } from '../../apps/adapter-open/src/profiles.js';
import { far, type Home } from './keeps-the-contract.js';

/** Why ann's client has no rooms. */
export const NO_ROOMS = 'a conversation is no room here: nobody can leave it, be put out of it or replace it';

export const saidByTheAccount = {
  hasNoRooms: NO_ROOMS,
  annCan: ['sendFile' as const],
  without: {
    reply: 'the platform does not tell an account which message a person answers',
    rename: 'the adapter asks the platform for a name once an hour',
    look: 'the adapter asks the platform for an avatar once an hour',
  },
  ghosts: false,
  saysUnknown: ({ text }: Seen) => (text ?? '').includes('查无此人'),
};

export const onOpenNetwork = {
  hasNoRooms: NO_ROOMS,
  ...everything(capabilitiesOf('generic', loadProfile('generic'))),
  saysUnknown: ({ kind, text }: Seen) => kind === 'error' && (text ?? '').includes('14'),
  without: {
    shownAvatar: 'the simulated client keeps no pictures of others; the adapter has its own test of avatars',
  },
  hasNoOddity:
    'all that the open interface can say has a canonical form; anything else is refused to the network',
};

export const aLink: Oddity = (word, to) => ({
  act: {
    do: 'send',
    to,
    what: 'link',
    fields: { Title: word, Description: 'd', Url: 'https://example.org/' },
  },
  words: word,
});
export const aNudge: Oddity = (_word, to) => ({ act: { do: 'nudge', to }, words: '👋' });
export const aCustomMessage: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: { msg: word } },
  words: word,
});

/** A simulated network as a home for ann. */
export async function simulated(
  hub: HubFixture,
  slug: string,
  word: string,
  open: () => Promise<SimulatedHome>,
  oddity?: Oddity,
): Promise<Home> {
  await hub.serveSignOn(['far', slug]);
  const home = await open();
  const person = home.person(word);
  if (home.network === 'fetion') await person.act({ do: 'appear', state: '400' });
  // On WeChat the reply window opens with a word of hers.
  if (home.network !== 'fetion' && home.channel !== undefined && home.channel !== 'hutong_robot')
    await person.act({ do: 'write', to: home.channel, text: '帮助' });
  /** A home finds a ghost by the name that it shows; the account stays the same when the name changes. */
  const ghosts = new Map<string, string>();
  return {
    network: home.network,
    app: home.app,
    server: home,
    ann: new SimulatedPhone(person, home.channel, {
      oddity,
      nameInContacts: (native) => home.nameInContacts?.(native),
    }),
    // The robots of Fetion and Yunxin only introduce people: after that each has an account of their own.
    ...(home.channel === 'hutong_robot' || home.network === 'fetion' ? {} : { channel: home.channel }),
    ghostOf: (name) => {
      const known = ghosts.get(name) ?? home.ghostOf(person, addressOf(far, name), name);
      if (known !== undefined) ghosts.set(name, known);
      return known ?? reach(home, addressOf(far, name));
    },
  };
}
