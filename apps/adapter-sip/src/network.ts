/** The manifest of Youxin: people with simulated softphones, who register with the adapter. */
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
import { network, type Address } from '#protocol';
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

const ghostOf = (address: string) => new Uris(network(SLUG), DOMAIN, undefined).ghost(address as Address).uri;

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
        registrar: `sip:127.0.0.1:${ports.of('youxin-sip')}`,
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
        SIP_HOST: '127.0.0.1',
        SIP_PUBLIC_HOST: '127.0.0.1',
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

function passwordOf(user: string, secrets: Installation['secrets']): string {
  return secrets.passwordOf(`youxin-${user}`);
}
