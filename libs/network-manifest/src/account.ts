/** Accounts of people who try an installation. */
import { addressOf, network } from '#protocol';

export interface Account {
  address: string;
  native: string;
  password: string;
  /** Short name of the native id on the terminal phone. */
  word?: string;
}

/** @param word short name of the native id on the terminal phone */
export function account(slug: string, native: string, password = '', word?: string): Account {
  const address = addressOf(network(slug), native);
  return { address, native, password, ...(word === undefined ? {} : { word }) };
}

/** "alice:password,amy:password" as pairs; entries without a colon are left out. */
export function accountsIn(text = ''): [user: string, password: string][] {
  return text
    .split(',')
    .filter((pair) => pair.includes(':'))
    .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
}

/** @throws Error that names the missing variable, and the variable that requires it */
export function neededWith(because: string, name: string, env: NodeJS.ProcessEnv): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is needed with ${because}`);
  return value;
}
