/** An existing homeserver, described by environment variables. `npm start` then connects to it and starts no homeserver. */
import { account, accountsIn, neededWith, type Account } from '#network-manifest';

export interface ExternalHomeserver {
  baseUrl: string;
  serverName: string;
  asToken: string;
  hsToken: string;
  /** The port in the registration file of the homeserver. */
  adapterPort: number;
  accounts: Account[];
}

/** MATRIX_URL, MATRIX_SERVER_NAME, MATRIX_AS_TOKEN, MATRIX_HS_TOKEN, MATRIX_ADAPTER_PORT, MATRIX_ACCOUNTS=bob:password */
export function homeserverFromEnvironment(env: NodeJS.ProcessEnv): ExternalHomeserver | undefined {
  const baseUrl = env['MATRIX_URL'];
  if (!baseUrl) return undefined;
  const serverName = neededWith('MATRIX_URL', 'MATRIX_SERVER_NAME', env);
  return {
    baseUrl,
    serverName,
    asToken: neededWith('MATRIX_URL', 'MATRIX_AS_TOKEN', env),
    hsToken: neededWith('MATRIX_URL', 'MATRIX_HS_TOKEN', env),
    adapterPort: Number(env['MATRIX_ADAPTER_PORT'] ?? 9009),
    accounts: accountsIn(env['MATRIX_ACCOUNTS']).map(([user, password]) =>
      account('matrix', `@${user}:${serverName}`, password),
    ),
  };
}
