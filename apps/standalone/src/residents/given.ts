/** Servers that are there already: their addresses come from the environment, and nothing of ours is started. */
import { account } from './accounts.js';
import type { Account } from '../house.js';

export interface GivenXmpp {
  host: string;
  port: number;
  componentPort: number;
  domain: string;
  secret: string;
  accounts: Account[];
}

/** XMPP_URL=xmpp://host:5222/example.org?component=5347, XMPP_COMPONENT_SECRET, XMPP_ACCOUNTS=alice:password,amy:password */
export function givenXmpp(env: NodeJS.ProcessEnv): GivenXmpp | undefined {
  const text = env['XMPP_URL'];
  if (!text) return undefined;
  const url = new URL(text);
  const domain = url.pathname.slice(1) || url.hostname;
  return {
    host: url.hostname,
    port: Number(url.port || 5222),
    componentPort: Number(url.searchParams.get('component') ?? 5347),
    domain,
    secret: needed(env, 'XMPP_COMPONENT_SECRET', 'XMPP_URL'),
    accounts: accountsOf(env['XMPP_ACCOUNTS']).map(([user, password]) =>
      account('xmpp', `${user}@${domain}`, password),
    ),
  };
}

export interface GivenMatrix {
  baseUrl: string;
  serverName: string;
  asToken: string;
  hsToken: string;
  /** As the registration at the homeserver says. */
  adapterPort: number;
  accounts: Account[];
}

/** MATRIX_URL, MATRIX_SERVER_NAME, MATRIX_AS_TOKEN, MATRIX_HS_TOKEN, MATRIX_ADAPTER_PORT, MATRIX_ACCOUNTS=bob:password */
export function givenMatrix(env: NodeJS.ProcessEnv): GivenMatrix | undefined {
  const baseUrl = env['MATRIX_URL'];
  if (!baseUrl) return undefined;
  const serverName = needed(env, 'MATRIX_SERVER_NAME', 'MATRIX_URL');
  return {
    baseUrl,
    serverName,
    asToken: needed(env, 'MATRIX_AS_TOKEN', 'MATRIX_URL'),
    hsToken: needed(env, 'MATRIX_HS_TOKEN', 'MATRIX_URL'),
    adapterPort: Number(env['MATRIX_ADAPTER_PORT'] ?? 9009),
    accounts: accountsOf(env['MATRIX_ACCOUNTS']).map(([user, password]) =>
      account('matrix', `@${user}:${serverName}`, password),
    ),
  };
}

function needed(env: NodeJS.ProcessEnv, name: string, because: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is needed with ${because}`);
  return value;
}

function accountsOf(text = ''): [user: string, password: string][] {
  return text
    .split(',')
    .filter((pair) => pair.includes(':'))
    .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
}
