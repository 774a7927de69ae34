/** Simulated networks with their real adapters as homes for ann. */
import { addressOf, network, type Address } from '#protocol';
import { SimulatedPhone, type Oddity, type Seen } from '#phones';
import type { Person } from '#simulators';
import type { App, HubFixture } from '../support/hub-fixture.js';
import { far, type Home } from './keeps-the-contract.js';

/** A simulated network with its real adapter on a hub. */
export interface SimulatedHome {
  network: string;
  app: App;
  /** The one account that everybody is reached through, where there is one. */
  channel: string | undefined;
  /** The channel only introduces people: after that each has an account of their own. */
  introducesGhosts?: true;
  person(word: string): Person;
  /** What a person does before they can be written to. */
  signIn?(person: Person): Promise<unknown>;
  /** Id under which a person's client shows a remote person who has written; undefined before. */
  ghostOf(seenBy: Person, foreign: Address, name: string): string | undefined;
  /** Where a client reads names in its contact list rather than with a message: what it shows of somebody now. */
  nameInContacts?(native: string): string | undefined;
  /** The network reports that a message which the person has received failed. */
  failLater?(person: Person, received: Seen): Promise<unknown>;
  stop(): Promise<void>;
}

/** Leads the adapter past a recorder: the address of the network -> the one that the adapter is given. */
export type Through = (url: string) => Promise<string>;
export const straight: Through = (url) => Promise.resolve(url);

/** How to write to somebody who has not written yet. */
export function reach(home: SimulatedHome, foreign: Address): string {
  return home.channel === undefined ? foreign : `@${foreign}`;
}

export function addressIn(home: SimulatedHome, word: string): Address {
  return addressOf(network(home.network), home.person(word).native);
}

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

export const aLink: Oddity = (word, to) => ({
  act: {
    do: 'send',
    to,
    what: 'link',
    fields: { Title: word, Description: 'd', Url: 'https://example.org/' },
  },
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
  await home.signIn?.(person);
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
    ...(home.introducesGhosts ? {} : { channel: home.channel }),
    ...(home.failLater ? { failLater: async (received: Seen) => home.failLater?.(person, received) } : {}),
    ghostOf: (name) => {
      const known = ghosts.get(name) ?? home.ghostOf(person, addressOf(far, name), name);
      if (known !== undefined) ghosts.set(name, known);
      return known ?? reach(home, addressOf(far, name));
    },
  };
}
