/** The manifest of Fetion: simulated, with a robot account and a pool of accounts for ghosts. */
import {
  account,
  simulatedPerson,
  writeSecretFile,
  type Installation,
  type NetworkManifest,
  type Simulator,
} from '#network-manifest';
import { PHRASES } from '#protocol';
import { OPEN_FIELDS } from '#phones';
import type { FetionOptions } from '../simulator/index.js';
import { look } from '../simulator/look.js';
import { FETION_CAPABILITIES } from './fetion.capabilities.js';
import { fetionSettings } from './fetion.config.js';

const PEOPLE = ['13800138000', '13800138001'];
const POOL = 40;
const ROBOT_SID = '700000000';
const ONLINE = '400';
const AWAY = '100';

export const fetion: NetworkManifest = {
  slug: 'fetion',
  name: 'Fetion (simulated)',
  app: 'adapter-fetion',
  settings: fetionSettings,
  capabilities: FETION_CAPABILITIES,
  module: async () => (await import('./fetion.module.js')).FetionModule,
  nativeThings: () => Promise.resolve({ 'any other type': PHRASES.zh.notShown('…', '') }),
  standalone: {
    // Mobile numbers of its operator.
    routes: [{ kind: 'prefix', key: '8613' }],
    ladder: ['rcs', 'sms', 'voice'],
    ports: { 'fetion-http': 8091, 'fetion-sipc': 8092, 'adapter-fetion': 8083 },
    simulator: {
      options: (installation) => ({
        httpPort: installation.ports.of('fetion-http'),
        sipcPort: installation.ports.of('fetion-sipc'),
        accounts: grantedAccounts(installation),
      }),
      async start(options, people) {
        const { FetionService } = await import('../simulator/index.js');
        const service = await FetionService.open(options);
        for (const native of people) await service.person(native).act({ do: 'appear', state: ONLINE });
        return service;
      },
      channel: () => ROBOT_SID,
      example: PEOPLE[0] ?? '',
    } satisfies Simulator<FetionOptions>,
    environment(installation) {
      const lines = grantedAccounts(installation).map(({ mobile, password }) => `${mobile} ${password}`);
      return {
        FETION_NAVIGATION_URL: `http://127.0.0.1:${installation.ports.of('fetion-http')}`,
        FETION_ACCOUNTS: writeSecretFile(installation.folder, 'fetion-accounts.txt', lines.join('\n')),
      };
    },
    people: () => PEOPLE.map((mobile) => account('fetion', mobile)),
    person: simulatedPerson('fetion', {
      abilities: ['type'],
      nobody: '13811111111',
      away: AWAY,
      states: { available: ONLINE, away: AWAY },
      fields: OPEN_FIELDS,
      contacts: 'mutual',
      lines: { greeting: '你好！我在飞信，你那边看得到吗？', answer: '看得到，相见恨晚！' },
    }),
    look,
    ghostOf: (_installation, { address }) => `@${address}`,
    describe: () => ({}),
  },
  deployment: {
    port: 8083,

    environment: {
      FETION_NAVIGATION_URL: '${FETION_NAVIGATION_URL:-http://nav.fetion.com.cn}',
      FETION_ACCOUNTS: '/credentials/fetion-accounts.txt',
      FETION_OPERATOR_KEY: '${FETION_OPERATOR_KEY:-}',
    },
  },
};

/** The accounts of the simulated operator. The first is the robot. */
function grantedAccounts({ secrets }: Installation) {
  return Array.from({ length: POOL + 1 }, (_, at) => ({
    mobile: `139${String(at).padStart(8, '0')}`,
    sid: String(Number(ROBOT_SID) + at),
    userId: 390_000_000 + at,
    nickname: at === 0 ? '互通 Hutong' : `hutong ${at}`,
    password: secrets.passwordOf(`fetion-${at}`),
  }));
}
