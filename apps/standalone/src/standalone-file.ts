/** data/standalone.json: stable, documented in docs/operations.md, written last. */
import type { Capabilities } from '#protocol';
import type { Described } from './house.js';

/** People of a simulated network are played through `usersUrl`; `channel` is the one account that they write to. */
export interface SimulatedPart extends Described {
  usersUrl: string;
  /** Of the network's people, as its adapter declares it. */
  language: Capabilities['language'];
  channel?: string;
}

export interface StandaloneFile {
  /** What touches money or routes needs two admins. */
  console: { url: string; adminKey: string; secondAdminKey: string };
  /** Serves links to attachments. */
  mediaGateway: { url: string };
  nats: { url: string; credsFile: string };
  postgres: { url: string };
  networks: {
    /** `tls`: of the server that we started; STARTTLS is on `port` as well. */
    xmpp?: {
      host: string;
      port: number;
      domain: string;
      componentDomain: string;
      tls?: { port: number; authorityFile: string };
    } & Described;
    matrix?: { baseUrl: string; serverName: string } & Described;
    fetion?: SimulatedPart;
    wechat?: SimulatedPart;
    yixin?: SimulatedPart;
    feiliao?: SimulatedPart;
    /** Yours to connect. */
    sandbox?: { url: string; key: string; ghostOf: Record<string, string> };
  };
}
