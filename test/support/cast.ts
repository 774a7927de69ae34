/** One person of each network of an installation, with what their client can do and their network can show. */
import type { LocalAbility } from '#adapter-contract';
import {
  writerOf,
  type NetworkPart,
  type NetworkPerson,
  type Sendable,
  type SignedInPerson,
} from '#network-manifest';
import { levelOf, type Address, type Capabilities, type Feature } from '#protocol';
import { NETWORKS } from '../../apps/standalone/src/networks.js';
import type { StandaloneFixture } from './standalone-fixture.js';

interface PlayedNetwork {
  slug: string;
  capabilities: Capabilities;
  person: NetworkPerson;
  /** What its people can send beside text. */
  sends: readonly Sendable[];
  /** Their phones call. */
  calls: boolean;
}

/** Networks whose people tests and the demo can act as. */
export const PLAYED: readonly PlayedNetwork[] = NETWORKS.flatMap((one) => {
  const { slug, capabilities, standalone } = one;
  const person = writerOf(one);
  const look = { sends: standalone?.look?.sends ?? [], calls: standalone?.look?.calls ?? false };
  return person ? [{ slug, capabilities, person, ...look }] : [];
});

/** Networks of telephones, which ring and do not write. */
export const TELEPHONES: readonly { slug: string; person: NetworkPerson }[] = NETWORKS.flatMap(
  ({ slug, standalone }) => (standalone?.person?.onlyCalls ? [{ slug, person: standalone.person }] : []),
);

export interface Actor extends SignedInPerson, PlayedNetwork {
  address: Address;
  can(ability: LocalAbility): boolean;
  shows(feature: Feature): boolean;
  /** How this person writes to somebody who has not written to them yet. */
  toReach(other: Pick<Actor, 'address'>): string;
  /** How this person addresses an id that does not exist on the network of the other person. */
  toNobody(other: Actor, nobody: Address): string;
}

/** Signs in one person of each of these networks. @param at which of the people of the network */
export async function openCast<Slug extends string>(
  whole: StandaloneFixture,
  slugs: readonly Slug[],
  at = 0,
): Promise<Record<Slug, Actor>> {
  const networks: Record<string, NetworkPart | undefined> = whole.file.networks;
  const signIn = async (slug: Slug): Promise<[Slug, Actor]> => {
    const network = PLAYED.find((one) => one.slug === slug);
    const part = networks[slug];
    if (!network || !part) throw new Error(`nobody can act as a person of ${slug} here`);
    return [slug, await openActor(network, part, at)];
  };
  return Object.fromEntries(await Promise.all(slugs.map(signIn))) as Record<Slug, Actor>;
}

async function openActor(network: PlayedNetwork, part: NetworkPart, at: number): Promise<Actor> {
  const { slug, capabilities, person } = network;
  const account = part.accounts[at];
  if (!account) throw new Error(`${slug} has no account for a person`);
  const toReach = (other: Pick<Actor, 'address'>) => part.ghostOf[other.address] ?? '';
  return {
    ...(await person.dial(part, account)),
    ...network,
    address: account.address as Address,
    can: (ability) => person.abilities.includes(ability),
    shows: (feature) => levelOf(capabilities, feature) > 0,
    toReach,
    toNobody: (other, nobody) =>
      person.ghostOf?.(part, nobody) ?? toReach(other).replace(other.address, nobody),
  };
}
