/** Who is who: the people of this installation, under the addresses that each network gives them. Pure. */
import type { ChatKey, ContactView, PhoneId } from '../shared/events.js';
import type { WallNetwork } from './wall-network.js';

/** Fewer characters could be a part of many accounts. */
const LEAST_PART = 4;

export interface Owner {
  id: PhoneId;
  network: WallNetwork;
  native: string;
  password: string;
  address: string;
  name: string;
}

/** Every person for whom a phone can be opened. */
export function ownersOf(networks: readonly WallNetwork[]): Owner[] {
  return networks.flatMap((network) =>
    network.part.accounts.map(({ native, address, password, word }, at) => ({
      id: `${network.slug}-${at}`,
      network,
      native,
      password,
      address,
      name: network.look.people?.[at] ?? word ?? localPart(native),
    })),
  );
}

/** "alice" of alice@localhost and @alice:matrix.localhost. */
function localPart(native: string): string {
  return /^@?([^@:]+)[@:]/.exec(native)?.[1] ?? native;
}

/** Everybody on the other networks, as the owner of a phone writes to them. */
export function contactsOf(owner: Owner, owners: readonly Owner[]): ContactView[] {
  return owners.flatMap((other) => {
    const { part, look } = owner.network;
    const reach = part.ghostOf[other.address];
    return reach === undefined
      ? []
      : [
          {
            chat: other.address,
            name: other.name,
            network: other.network.slug,
            networkName: other.network.look.name,
            reach,
            ...(look.chatLink ? { link: look.chatLink(reach) } : {}),
          },
        ];
  });
}

export function nativeChat(native: string): ChatKey {
  return `native:${native}`;
}

/** Networks with one account for all remote people show the name of the author with the network: "Li · wechat", "Li (wechat)". */
const NAMED = /^(.*?)(?: · ([a-z0-9-]+)| \(([a-z0-9-]+)\))$/;

export function splitName(shown: string): { name: string; network?: string } {
  const [, name = shown, dotted, bracketed] = NAMED.exec(shown) ?? [];
  const network = dotted ?? bracketed;
  return network === undefined ? { name: shown } : { name, network };
}

/** @param shown name that the client of `owner` shows for `native`. @returns whom it is; undefined for a stranger */
export function personBehind(
  native: string,
  shown: string | undefined,
  owner: Owner,
  owners: readonly Owner[],
): Owner | undefined {
  const { ghostOf } = owner.network.part;
  const byAddress = owners.find(({ address }) => ghostOf[address] === native);
  if (byAddress || shown === undefined) return byAddress;
  const { name, network } = splitName(shown);
  const named = owners.filter((other) => other.network.slug === network && isNameOf(name, other));
  return named.length === 1 ? named[0] : undefined;
}

/** Somebody without a name is shown by their account, or by a part of it: "LINE 7f3a". */
function isNameOf(name: string, { name: own, native }: Owner): boolean {
  if (name === own || name === native || name === localPart(native)) return true;
  const part = name.split(' ').at(-1) ?? '';
  return part.length >= LEAST_PART && native.includes(part);
}
