/** A real OpenID provider on this machine. It believes everybody who they say they are, with any password. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { Provider } from 'oidc-provider';

const CLIENT = { client_id: 'hutong', client_secret: 'a secret of this test' };
export const ROLE_CLAIM = 'hutong_roles';

/** What the provider says about its people, by their id there. */
export type PeopleOfProvider = Record<string, Record<string, unknown>>;

export class LocalOidcProvider {
  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    private readonly consoleUrl: string,
  ) {}

  static async open(consoleUrl: string, people: PeopleOfProvider): Promise<LocalOidcProvider> {
    // The provider warns that it is set up for tests.
    for (const level of ['warn', 'info'] as const) jest.spyOn(console, level).mockReturnValue();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, {
      clients: [{ ...CLIENT, redirect_uris: [`${consoleUrl}/v1/session/oidc/callback`] }],
      claims: { openid: ['sub', ROLE_CLAIM], email: ['email', 'email_verified'] },
      conformIdTokenClaims: false,
      cookies: { keys: ['a key of this test'] },
      features: { devInteractions: { enabled: true } },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => Promise.resolve({ sub: id, ...people[id] }),
      }),
    });
    server.on('request', provider.callback());
    return new LocalOidcProvider(server, issuer, consoleUrl);
  }

  /** Settings of the console. */
  get settings(): NodeJS.ProcessEnv {
    return {
      CONSOLE_URL: this.consoleUrl,
      OIDC_ISSUER: this.issuer,
      OIDC_CLIENT_ID: CLIENT.client_id,
      OIDC_CLIENT_SECRET: CLIENT.client_secret,
      OIDC_ROLE_CLAIM: ROLE_CLAIM,
    };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
