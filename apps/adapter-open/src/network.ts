/** Manifests of the open interface: a simulated Feiliao, and a sandbox for the author of another network. */
import {
  account,
  simulatedPerson,
  type NetworkManifest,
  type NetworkPart,
  type Simulator,
} from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { answersEverything } from '#simulators/loopback';
import type { OpenNetworkOptions } from '../simulator/index.js';
import { look } from '../simulator/look.js';
import { openSettings } from './open.config.js';
import { capabilitiesOf, loadProfile, PROFILE_NAMES } from './profiles.js';

const PEOPLE = ['+8613900139000', '+8613900139001'];
/** A test account that answers every message with the same text, for `npm run certify`. */
const LOOPBACK = '+8613900139099';
const module = async () => (await import('./open.module.js')).OpenModule;

interface OpenPart extends NetworkPart {
  url: string;
}

const common = {
  app: 'adapter-open',
  settings: openSettings,
  module,
  profiles() {
    return Object.fromEntries(
      PROFILE_NAMES.map((name) => [
        name === 'generic' ? 'open' : name,
        capabilitiesOf(name, loadProfile(name)),
      ]),
    );
  },
};

export const feiliao: NetworkManifest = {
  ...common,
  slug: 'feiliao',
  name: 'Feiliao (simulated, open interface)',
  get capabilities() {
    return capabilitiesOf('feiliao', loadProfile('feiliao'));
  },
  standalone: {
    ports: { feiliao: 8095, 'adapter-feiliao': 8086 },
    routes: [{ kind: 'prefix', key: '86139001390' }],
    simulator: {
      options: ({ ports, secrets }) => ({
        adapterUrl: `http://127.0.0.1:${ports.of('adapter-feiliao')}`,
        key: secrets.keyOf('feiliao'),
        port: ports.of('feiliao'),
      }),
      async start({ adapterUrl, key, port }) {
        const identity = /^\+[1-9]\d{5,14}$/;
        const { OpenNetwork } = await import('../simulator/index.js');
        const network = await OpenNetwork.open({
          name: 'feiliao',
          transport: 'webhook',
          key,
          port,
          identity,
        });
        network.connect(adapterUrl);
        answersEverything(network.person(LOOPBACK));
        return network;
      },
      example: PEOPLE[0] ?? '',
    } satisfies Simulator<{ adapterUrl: string } & Required<Pick<OpenNetworkOptions, 'key' | 'port'>>>,
    environment: ({ ports, secrets }) => ({
      OPEN_PROFILE: 'feiliao',
      OPEN_KEY: secrets.keyOf('feiliao'),
      OPEN_WEBHOOK_URL: `http://127.0.0.1:${ports.of('feiliao')}/hub`,
    }),
    people: () => PEOPLE.map((phone) => account('feiliao', phone)),
    person: simulatedPerson('feiliao', {
      abilities: ['reply', 'recall', 'markRead', 'type'],
      nobody: '+8613911111111',
      away: 'away',
      fields: OPEN_FIELDS,
      contacts: 'one-way',
      lines: { greeting: '飞聊也来了：开放接口，一天接入。', answer: '一天接入，一起聊天。' },
    }),
    look,
    ghostOf: (_installation, { address }) => address,
    describe: () => ({}),
  },
};

/** For authors who try their own network against all others. Its key is in data/standalone.json. */
export const sandbox: NetworkManifest = {
  ...common,
  slug: 'sandbox',
  slugIsAWord: true,
  name: 'Sandbox (open interface, yours to connect)',
  get capabilities() {
    return capabilitiesOf('generic', loadProfile('generic'));
  },
  async documents() {
    const { openInterfaceAsyncApi, openInterfaceOpenApi } = await import('./documents.js');
    return {
      'open-interface.asyncapi.json': openInterfaceAsyncApi(),
      'open-interface.openapi.json': openInterfaceOpenApi(),
    };
  },
  standalone: {
    ports: { 'adapter-sandbox': 8087 },
    waits: true,
    environment: ({ secrets }) => ({ OPEN_KEY: secrets.keyOf('sandbox') }),
    people: () => [],
    ghostOf: (_installation, { address }) => address,
    describe: ({ ports, secrets }) => ({
      url: `http://127.0.0.1:${ports.of('adapter-sandbox')}`,
      key: secrets.keyOf('sandbox'),
    }),
    welcome: (part) => [
      `  sandbox     your own network, over the open interface: ${(part as OpenPart).url}/open/v1/openapi.json`,
    ],
  },
  deployment: {
    port: 8086,
    isCalled: true,
    environment: {
      NETWORK: '${OPEN_NETWORK:-open}',
      OPEN_PROFILE: '${OPEN_PROFILE:-generic}',
      OPEN_KEY: '${OPEN_KEY:-}',
      OPEN_WEBHOOK_URL: '${OPEN_WEBHOOK_URL:-}',
    },
  },
};
