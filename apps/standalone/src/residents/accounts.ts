import { addressOf, network } from '#protocol';
import type { Account } from '../house.js';

/** @param word that stands for the native id on the terminal phone */
export function account(slug: string, native: string, password = '', word?: string): Account {
  const address = addressOf(network(slug), native);
  return { address, native, password, ...(word === undefined ? {} : { word }) };
}
