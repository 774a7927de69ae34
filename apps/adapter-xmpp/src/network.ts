/** The manifest of XMPP: a real Prosody with two accounts, or the server that the environment names. */
import { join, resolve } from 'node:path';
import { findProsody, localTls, prosody, prosodyAccount, type ProsodyOptions } from '#engines';
import {
  account,
  type Account,
  type Installation,
  type NetworkManifest,
  type NetworkPart,
  type NetworkPerson,
} from '#network-manifest';
import { CERTIFY, TEL, type Address } from '#protocol';
import { look } from '../phone/look.js';
import { xmppServerFromEnvironment } from './server-from-environment.js';
import { ghostJid } from './jids.js';
import { xmppCapabilities } from './xmpp.capabilities.js';
import { webSocketAddress } from './web-socket.js';
import { xmppSettings } from './xmpp.config.js';

const DOMAIN = 'localhost';
const given = xmppServerFromEnvironment(process.env);
const COMPONENT_DOMAIN = process.env['XMPP_COMPONENT_DOMAIN'] ?? 'hub.localhost';
const USERS = ['alice', 'amy'];
const UPLOAD_MB = 100;
/** Of our own Prosody: clients plain, component, HTTP upload and WebSocket, clients by TLS. */
const SERVER_PORTS = { xmpp: 5222, component: 5347, 'xmpp-upload': 5280, 'xmpp-tls': 5223 };

export interface XmppPart extends NetworkPart {
  host: string;
  port: number;
  domain: string;
  componentDomain: string;
  /** Of the server that we started; STARTTLS is on `port` as well. */
  tls?: { port: number; authorityFile: string };
  /** Of the server that we started. */
  webSocket?: string;
}

const person: NetworkPerson = {
  abilities: ['reply', 'edit', 'recall', 'react', 'markRead', 'type'],
  nobody: `nobody-at-all@${DOMAIN}`,
  away: 'away',
  lines: {
    greeting: 'Hello, *from XMPP*. Who else is here?',
    answer: 'Loud and clear, *from XMPP*.',
  },
  async dial(part, { native, password }) {
    const { XmppPhone } = await import('../phone/xmpp.phone.js');
    const { host, port, webSocket, domain } = part as XmppPart;
    const user = native.split('@')[0] ?? '';
    const phone = await XmppPhone.dial({ host, port, webSocket, domain, user, password });
    return {
      phone,
      befriend: (peer) => phone.subscription(peer, 'subscribe'),
      accept: (peer) => phone.subscription(peer, 'subscribed'),
    };
  },
  ghostOf: (part, address) => ghostJid(address as Address, (part as XmppPart).componentDomain).jid,
};

export const xmpp: NetworkManifest = {
  slug: 'xmpp',
  name: 'XMPP (Prosody)',
  app: 'adapter-xmpp',
  settings: xmppSettings,
  capabilities: xmppCapabilities(UPLOAD_MB),
  module: async () => (await import('./xmpp.module.js')).XmppModule,
  nativeThings: async () => (await import('./native-things.js')).NATIVE_THINGS_OF_XMPP,
  standalone: {
    ports: { 'adapter-xmpp': 8082, ...(given ? {} : SERVER_PORTS) },
    help: [
      '  XMPP_URL        use this XMPP server instead of our own: xmpp://host:5222/domain?component=5347',
      '                  (with XMPP_COMPONENT_SECRET, XMPP_COMPONENT_DOMAIN, XMPP_ACCOUNTS=alice:password)',
    ],
    open: openServer,
    environment: ({ ports, secrets }) => ({
      XMPP_HOST: given?.host ?? '127.0.0.1',
      XMPP_COMPONENT_PORT: String(ports.of('component')),
      XMPP_COMPONENT_DOMAIN: COMPONENT_DOMAIN,
      XMPP_COMPONENT_SECRET: given?.secret ?? secrets.component,
      XMPP_SERVER_DOMAIN: given?.domain ?? DOMAIN,
      ...(given
        ? {}
        : {
            XMPP_UPLOAD_SERVICE: `upload.${DOMAIN}`,
            XMPP_UPLOAD_MB: String(UPLOAD_MB),
            MEDIA_PRIVATE_HOSTS: `127.0.0.1:${ports.of('xmpp-upload')}`,
          }),
    }),
    people,
    person,
    look,
    ghostOf: (_installation, { address }) => ghostJid(address as Address, COMPONENT_DOMAIN).jid,
    describe: ({ ports, folder }) => ({
      host: given?.host ?? '127.0.0.1',
      port: ports.of('xmpp'),
      domain: given?.domain ?? DOMAIN,
      componentDomain: COMPONENT_DOMAIN,
      ...(given
        ? {}
        : {
            tls: { port: ports.of('xmpp-tls'), authorityFile: join(folder, 'tls', 'authority.crt') },
            webSocket: webSocketAddress(DOMAIN, ports.of('xmpp-upload')),
          }),
    }),
    welcome(part) {
      const { host, port, tls } = part as XmppPart;
      const trust = tls
        ? [`                TLS too, once the client trusts ${tls.authorityFile} (docs/xmpp-clients.md)`]
        : [];
      return [`  XMPP        any client, server ${host}:${port}, plain connection allowed`, ...trust];
    },
  },
  deployment: {
    port: 8082,

    environment: {
      XMPP_HOST: '${XMPP_HOST:-prosody}',
      XMPP_COMPONENT_DOMAIN: '${XMPP_COMPONENT_DOMAIN:-hub.localhost}',
      XMPP_COMPONENT_SECRET: '${XMPP_COMPONENT_SECRET:-}',
      XMPP_SERVER_DOMAIN: '${XMPP_SERVER_DOMAIN:-localhost}',
      XMPP_UPLOAD_SERVICE: '${XMPP_UPLOAD_SERVICE:-}',
      MEDIA_HOSTS: '${XMPP_MEDIA_HOSTS:-}',
      MEDIA_PRIVATE_HOSTS: '${XMPP_MEDIA_PRIVATE_HOSTS:-}',
    },
  },
};

async function openServer(installation: Installation): Promise<boolean> {
  const { say, ports, supervisor } = installation;
  if (given) {
    ports.take('xmpp', given.port);
    ports.take('component', given.componentPort);
    say(`XMPP server ${given.host}:${given.port} (environment)`);
    return true;
  }
  const found = await findProsody(say);
  if (found.kind !== 'found') {
    say(`Prosody cannot be had here: ${found.why}. Going on without the XMPP network. ${found.remedy}`);
    return false;
  }
  const { options, authorityFile } = await prosodyOptions(installation, found.paths.root);
  await supervisor.run((onCrash) => prosody(options, onCrash));
  for (const { native, password } of people(installation))
    await prosodyAccount(options, native.split('@')[0] ?? '', password);
  say(`Prosody ${found.version} (${found.from}) on port ${options.c2sPort}; clients trust ${authorityFile}`);
  return true;
}

async function prosodyOptions(
  { folder, ports, secrets, slugs }: Installation,
  root: string,
): Promise<{ options: ProsodyOptions; authorityFile: string }> {
  const { authorityFile, ...certificate } = await localTls(join(folder, 'tls'), [
    DOMAIN,
    `upload.${DOMAIN}`,
    COMPONENT_DOMAIN,
    '127.0.0.1',
  ]);
  const options = {
    root,
    folder: join(folder, 'prosody'),
    c2sPort: ports.of('xmpp'),
    componentPort: ports.of('component'),
    domain: DOMAIN,
    components: [...slugs.filter((slug) => slug !== 'xmpp'), TEL, CERTIFY].map(
      (slug) => `${slug}.${COMPONENT_DOMAIN}`,
    ),
    secret: secrets.component,
    upload: { port: ports.of('xmpp-upload'), maxMb: UPLOAD_MB },
    tls: { ...certificate, port: ports.of('xmpp-tls') },
    plugins: resolve('docker', 'prosody'),
  };
  return { options, authorityFile };
}

function people({ secrets }: Installation): Account[] {
  if (given) return given.accounts;
  return USERS.map((user) => account('xmpp', `${user}@${DOMAIN}`, secrets.passwordOf(user)));
}
