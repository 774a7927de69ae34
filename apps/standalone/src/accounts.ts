/** The people of a standalone installation, and how each is written to from the other network. */
import { addressOf, network, type Address } from '#protocol';
import { ghostJid } from '../../adapter-xmpp/src/jids.js';
import { ghostUserId } from '../../adapter-matrix/src/user-ids.js';

export const XMPP_DOMAIN = 'localhost';
export const COMPONENT_DOMAIN = 'hub.localhost';
export const MATRIX_SERVER = 'matrix.localhost';
export const XMPP_USERS = ['alice', 'amy'];
export const MATRIX_USERS = ['bob', 'ben'];

export interface Account {
  address: Address;
  native: string;
  password: string;
}

export function xmppAccounts(passwords: Record<string, string>): Account[] {
  return XMPP_USERS.map((user) => account('xmpp', `${user}@${XMPP_DOMAIN}`, passwords[user]));
}

export function matrixAccounts(passwords: Record<string, string>): Account[] {
  return MATRIX_USERS.map((user) => account('matrix', `@${user}:${MATRIX_SERVER}`, passwords[user]));
}

function account(slug: string, native: string, password = ''): Account {
  return { address: addressOf(network(slug), native), native, password };
}

export function ghostsInXmpp(foreign: Account[]): Record<string, string> {
  return Object.fromEntries(foreign.map(({ address }) => [address, ghostJid(address, COMPONENT_DOMAIN).jid]));
}

export function ghostsInMatrix(foreign: Account[]): Record<string, string> {
  return Object.fromEntries(
    foreign.map(({ address }) => [address, ghostUserId(address, MATRIX_SERVER).userId]),
  );
}
