/** An existing XMPP server, described by environment variables. `npm start` then connects to it and starts no server. */
import { account, accountsIn, neededWith, type Account } from '#network-manifest';

export interface ExternalXmppServer {
  host: string;
  port: number;
  componentPort: number;
  domain: string;
  secret: string;
  accounts: Account[];
}

/** XMPP_URL=xmpp://host:5222/example.org?component=5347, XMPP_COMPONENT_SECRET, XMPP_ACCOUNTS=alice:password,amy:password */
export function xmppServerFromEnvironment(env: NodeJS.ProcessEnv): ExternalXmppServer | undefined {
  const text = env['XMPP_URL'];
  if (!text) return undefined;
  const url = new URL(text);
  const domain = url.pathname.slice(1) || url.hostname;
  return {
    host: url.hostname,
    port: Number(url.port || 5222),
    componentPort: Number(url.searchParams.get('component') ?? 5347),
    domain,
    secret: neededWith('XMPP_URL', 'XMPP_COMPONENT_SECRET', env),
    accounts: accountsIn(env['XMPP_ACCOUNTS']).map(([user, password]) =>
      account('xmpp', `${user}@${domain}`, password),
    ),
  };
}
