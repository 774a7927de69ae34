/**
 * The manifests of Youxin, whose people have simulated softphones that register with the adapter, and of a carrier with plain
 * telephones, which are reached by number through its trunk.
 */
import { findEspeak } from '#engines';
import {
  account,
  simulatedPerson,
  writeSecretFile,
  type Installation,
  type NetworkManifest,
  type NetworkPerson,
  type Simulator,
} from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { network, TEL, type Address } from '#protocol';
import { telephoneLook } from '../simulator/telephone-look.js';
import { look } from '../simulator/look.js';
import type { SipOptions } from '../simulator/index.js';
import { SIP_CAPABILITIES } from './sip.capabilities.js';
import { sipSettings } from './sip.config.js';
import { Uris } from './uris.js';

const SLUG = 'youxin';
const DOMAIN = 'youxin.localhost';
const PEOPLE = ['aqiang', 'xiaomin'];
const ONLINE = 'online';
const AWAY = 'away';

const TELEPHONE = 'telephone';
const EXCHANGE_DOMAIN = 'telephone.localhost';
const HOST = '127.0.0.1';
/** On a desk, in the hall, and one that answers by itself. No app, no 5G messages and no SMS reach them. */
const NUMBERS = ['+861088886666', '+8613700006666', '+861088880000'];
const ANSWERS_BY_ITSELF = '+861088880000';
const MOST_CALLS = '10';

const ghostIn = (slug: string, domain: string) => (address: string) =>
  new Uris(network(slug), domain, undefined).ghost(address as Address).uri;
const ghostOf = ghostIn(SLUG, DOMAIN);
const dialled = ghostIn(TELEPHONE, EXCHANGE_DOMAIN);

const simulated = simulatedPerson(SLUG, {
  abilities: ['type', 'markRead'],
  nobody: 'nobody-at-all',
  away: AWAY,
  states: { available: ONLINE, away: AWAY },
  fields: OPEN_FIELDS,
  contacts: 'one-way',
  lines: { greeting: '你好！我在有信，你在哪儿？', answer: '收到，回头电话里聊。' },
});

const person: NetworkPerson = {
  ...simulated,
  // A phone has no contact requests to accept: its person says yes by adding whoever asked.
  async dial(part, account) {
    const signedIn = await simulated.dial(part, account);
    return { phone: signedIn.phone, befriend: async (peer) => signedIn.befriend?.(peer) };
  },
  ghostOf: (_part, address) => ghostOf(address),
};

export const youxin: NetworkManifest = {
  slug: 'youxin',
  name: 'Youxin (SIP, simulated phones)',
  app: 'adapter-sip',
  settings: sipSettings,
  capabilities: SIP_CAPABILITIES,
  module: async () => (await import('./sip.module.js')).SipModule,
  nativeThings: () => Promise.resolve({ 'subject, name of the chat': '…\n…' }),
  standalone: {
    ports: { 'adapter-youxin': 8135, 'youxin-sip': 5070 },
    simulator: {
      options: ({ ports, secrets }) => ({
        domain: DOMAIN,
        registrar: `sip:${HOST}:${ports.of('youxin-sip')}`,
        password: '',
        passwords: Object.fromEntries(PEOPLE.map((user) => [user, passwordOf(user, secrets)])),
      }),
      async start(options, people) {
        const { SipSimulator } = await import('../simulator/index.js');
        const simulator = await SipSimulator.open(options);
        for (const native of people) simulator.person(native);
        return simulator;
      },
      example: PEOPLE[0] ?? '',
    } satisfies Simulator<SipOptions>,
    environment({ folder, ports, secrets }) {
      const lines = PEOPLE.map((user) => `${user} ${passwordOf(user, secrets)}`);
      return {
        SIP_DOMAIN: DOMAIN,
        SIP_HOST: HOST,
        SIP_PUBLIC_HOST: HOST,
        SIP_PORT: String(ports.of('youxin-sip')),
        SIP_MIN_EXPIRES: '10',
        SIP_ACCOUNTS: writeSecretFile(folder, 'youxin-accounts.txt', lines.join('\n')),
      };
    },
    people: ({ secrets }) => PEOPLE.map((user) => account(SLUG, user, passwordOf(user, secrets))),
    person,
    look,
    ghostOf: (_installation, { address }) => ghostOf(address),
    describe: () => ({}),
  },
  deployment: {
    port: 8135,
    environment: {
      SIP_DOMAIN: '${SIP_DOMAIN:-youxin.localhost}',
      SIP_PUBLIC_HOST: '${SIP_PUBLIC_HOST:-}',
      SIP_ACCOUNTS: '/credentials/youxin-accounts.txt',
      SIP_TRUNK_HOST: '${SIP_TRUNK_HOST:-}',
      SIP_TRUNK_USER: '${SIP_TRUNK_USER:-}',
      SIP_TRUNK_PASSWORD: '${SIP_TRUNK_PASSWORD:-}',
    },
  },
};

/** How messages are spoken here; undefined: they are not. */
let speech: readonly string[] | undefined;

async function findSpeech({ say }: Installation): Promise<true> {
  const found = await findEspeak(say);
  speech = found.kind === 'found' ? found.paths.command : undefined;
  if (found.kind === 'found') say(`espeak-ng ${found.version} (${found.from})`);
  else say(`messages are not spoken: espeak-ng is not available: ${found.why}. ${found.remedy}`);
  return true;
}

export const telephone: NetworkManifest = {
  slug: TELEPHONE,
  slugIsAWord: true,
  name: 'Telephones (simulated carrier)',
  app: 'adapter-sip',
  settings: sipSettings,
  capabilities: SIP_CAPABILITIES,
  module: async () => (await import('./sip.module.js')).SipModule,
  standalone: {
    ports: { 'adapter-telephone': 8137, 'telephone-sip': 5072, 'telephone-exchange': 5074 },
    open: findSpeech,
    routes: [{ kind: 'voice', key: '86' }],
    simulator: {
      options: ({ ports }) => ({
        domain: EXCHANGE_DOMAIN,
        registrar: `sip:${HOST}:${ports.of('telephone-sip')}`,
        phonePort: ports.of('telephone-exchange'),
        haveLines: true,
        password: '',
      }),
      async start(options, people) {
        const { answersCalls, SipSimulator } = await import('../simulator/index.js');
        const exchange = await SipSimulator.open(options);
        for (const native of people) exchange.person(native);
        answersCalls(exchange.person(ANSWERS_BY_ITSELF));
        return exchange;
      },
      example: NUMBERS[0] ?? '',
    } satisfies Simulator<SipOptions>,
    environment: ({ folder, ports }) => ({
      SIP_DOMAIN: EXCHANGE_DOMAIN,
      SIP_HOST: HOST,
      SIP_PUBLIC_HOST: HOST,
      SIP_PORT: String(ports.of('telephone-sip')),
      SIP_ACCOUNTS: writeSecretFile(folder, 'telephone-accounts.txt', ''),
      SIP_TRUNK_HOST: HOST,
      SIP_TRUNK_PORT: String(ports.of('telephone-exchange')),
      SIP_TRUNK_CALLS: MOST_CALLS,
      ...(speech === undefined ? {} : { SIP_SPEECH: speech.join(' '), SIP_SOUND_ADDRESS: HOST }),
    }),
    // Others dial their numbers, wherever those lead.
    people: () => NUMBERS.map((number) => ({ ...account(TEL, number), native: number })),
    person: {
      ...simulatedPerson(TELEPHONE, {
        abilities: [],
        nobody: '+861088889999',
        fields: OPEN_FIELDS,
        lines: { greeting: '喂？', answer: '喂。' },
      }),
      onlyCalls: true,
    },
    look: telephoneLook,
    ghostOf: (_installation, { address }) => dialled(address),
    describe: () => ({}),
  },
};

function passwordOf(user: string, secrets: Installation['secrets']): string {
  return secrets.passwordOf(`youxin-${user}`);
}
