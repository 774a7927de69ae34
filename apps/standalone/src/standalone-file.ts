/** data/standalone.json: stable, documented in docs/operations.md, written last. */
import type { Account } from './accounts.js';

interface XmppPart {
  host: string;
  port: number;
  domain: string;
  componentDomain: string;
  accounts: Account[];
  ghostOf: Record<string, string>;
}
interface MatrixPart {
  baseUrl: string;
  serverName: string;
  accounts: Account[];
  ghostOf: Record<string, string>;
}

export interface StandaloneFile {
  console: { url: string; adminKey: string };
  nats: { url: string; credsFile: string };
  postgres: { url: string };
  networks: { xmpp?: XmppPart; matrix?: MatrixPart };
}
