/** One person on each of the six networks of `npm start`, with what his client can do and his network can show. */
import { levelOf, type Address, type Capabilities, type Feature } from '#protocol';
import type { LocalAbility } from '#adapter-contract';
import { RemotePerson, type Act } from '#simulators';
import { FETION_CAPABILITIES } from '../../apps/adapter-fetion/src/fetion.capabilities.js';
import { matrixCapabilities } from '../../apps/adapter-matrix/src/matrix.capabilities.js';
import { capabilitiesOf, loadProfile } from '../../apps/adapter-open/src/profiles.js';
import { OFFICIAL_ACCOUNT } from '../../apps/adapter-wechat/src/wechat.profile.js';
import { xmppCapabilities } from '../../apps/adapter-xmpp/src/xmpp.capabilities.js';
import { YIXIN } from '../../apps/adapter-yixin/src/yixin.profile.js';
import type { Phone } from '#phones';
import { OPEN_FIELDS, PLATFORM_FIELDS, SimulatedPhone } from '#phones';
import type { StandaloneFixture } from './standalone-fixture.js';

export const SIX = ['xmpp', 'matrix', 'fetion', 'wechat', 'yixin', 'feiliao'] as const;
export type Slug = (typeof SIX)[number];
type SimulatedSlug = 'fetion' | 'wechat' | 'yixin' | 'feiliao';

export interface Actor {
  slug: Slug;
  phone: Phone;
  address: Address;
  capabilities: Capabilities;
  can(ability: LocalAbility): boolean;
  shows(feature: Feature): boolean;
  /** How this person writes to one who has not written to him yet. */
  toReach(other: Actor): string;
  /** An id that his network could have given, but gave to nobody. */
  nobody: string;
  befriend?(peer: string): Promise<void>;
  /** Says yes to whoever wants to see him. */
  accept?(peer: string): Promise<void>;
  /** How "away" looks in his client. */
  away?: string;
}

export const CAPABILITIES: Record<Slug, Capabilities> = {
  xmpp: xmppCapabilities(100),
  matrix: matrixCapabilities(50),
  fetion: FETION_CAPABILITIES,
  wechat: OFFICIAL_ACCOUNT.capabilities,
  yixin: YIXIN.capabilities,
  feiliao: capabilitiesOf('feiliao', loadProfile('feiliao')),
};
const ALL: LocalAbility[] = ['reply', 'edit', 'recall', 'react', 'markRead', 'type'];
const ABILITIES: Record<Slug, LocalAbility[]> = {
  xmpp: ALL,
  matrix: ALL,
  fetion: ['type'],
  wechat: [],
  yixin: [],
  feiliao: ['reply', 'recall', 'markRead', 'type'],
};
const NOBODY: Record<Slug, string> = {
  xmpp: 'nobody-at-all@localhost',
  matrix: '@nobody-at-all:matrix.localhost',
  fetion: '13811111111',
  wechat: 'o0000000000000000000000nobdy',
  yixin: 'o0000000000000000000000nobdy',
  feiliao: '+8613911111111',
};

export async function openCast(whole: StandaloneFixture): Promise<Record<Slug, Actor>> {
  const { networks } = whole.file;
  const actor = (slug: Slug, phone: Phone): Actor => ({
    slug,
    phone,
    address: (networks[slug].accounts[0]?.address ?? '') as Address,
    capabilities: CAPABILITIES[slug],
    can: (ability) => ABILITIES[slug].includes(ability),
    shows: (feature) => levelOf(CAPABILITIES[slug], feature) > 0,
    toReach: (other) => networks[slug].ghostOf[other.address] ?? '',
    nobody: NOBODY[slug],
  });
  const xmpp = await whole.xmppPhone();
  const simulated = async (slug: SimulatedSlug): Promise<Actor> => {
    const { usersUrl, channel, accounts } = networks[slug];
    const person = await RemotePerson.find(usersUrl, slug, accounts[0]?.native ?? '');
    const social = slug === 'fetion' || slug === 'feiliao';
    const act = async (what: Act) => void (await person.act(what).catch(() => undefined));
    // WeChat lets us write to a person only after he has written.
    if (slug === 'wechat') await act({ do: 'write', to: channel ?? '', text: '帮助' });
    const states = slug === 'fetion' ? { available: '400', away: '100' } : undefined;
    return {
      ...actor(
        slug,
        new SimulatedPhone(
          person,
          channel,
          states,
          slug === 'wechat' || slug === 'yixin' ? PLATFORM_FIELDS : OPEN_FIELDS,
        ),
      ),
      ...(social
        ? {
            befriend: (who: string) => act({ do: 'add', who }),
            accept: (who: string) => act({ do: 'answer', who, yes: true }),
            away: slug === 'fetion' ? '100' : 'away',
          }
        : {}),
    };
  };
  return {
    xmpp: {
      ...actor('xmpp', xmpp),
      befriend: (peer) => xmpp.subscription(peer, 'subscribe'),
      accept: (peer) => xmpp.subscription(peer, 'subscribed'),
      away: 'away',
    },
    matrix: {
      ...actor('matrix', await whole.matrixPhone()),
      // Whoever shares a room with somebody sees him.
      befriend: () => Promise.resolve(),
      accept: () => Promise.resolve(),
      away: 'unavailable',
    },
    fetion: await simulated('fetion'),
    wechat: await simulated('wechat'),
    yixin: await simulated('yixin'),
    feiliao: await simulated('feiliao'),
  };
}
