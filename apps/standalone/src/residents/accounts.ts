import { addressOf, network } from '#protocol';
import type { Account } from '../house.js';

export function account(slug: string, native: string, password = ''): Account {
  return { address: addressOf(network(slug), native), native, password };
}
