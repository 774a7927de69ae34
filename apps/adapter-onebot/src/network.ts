/** The network of bots as the rest of the repository sees it. */
import {
  account,
  simulatedPerson,
  writeSecretFile,
  type Installation,
  type NetworkManifest,
  type Simulator,
} from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { PHRASES } from '#protocol';
import type { BotAccount } from '../simulator/ids.js';
import { BOTS, look } from '../simulator/look.js';
import { ONEBOT_CAPABILITIES } from './onebot.capabilities.js';
import { oneBotSettings } from './onebot.config.js';

const urlOf = ({ ports }: Installation) => `ws://127.0.0.1:${ports.of('adapter-bots')}`;

export const bots: NetworkManifest = {
  slug: 'bots',
  slugIsAWord: true,
  name: 'Bots (OneBot 11)',
  app: 'adapter-onebot',
  settings: oneBotSettings,
  capabilities: ONEBOT_CAPABILITIES,
  module: async () => (await import('./onebot.module.js')).OneBotModule,
  nativeThings: () => Promise.resolve({ 'any other type': PHRASES.zh.notShown('…', '') }),
  standalone: {
    ports: { 'adapter-bots': 8127 },
    simulator: {
      options: (installation) => ({ url: urlOf(installation), bots: accountsOf(installation) }),
      async start({ url, bots: accounts }, people) {
        const { BotsNetwork } = await import('../simulator/index.js');
        const network = new BotsNetwork(url, { bots: accounts });
        for (const native of people) network.person(native);
        return network;
      },
      example: BOTS[0]?.word ?? '',
      nativeOf: (word) => BOTS.find((bot) => bot.word === word)?.number ?? word,
    } satisfies Simulator<{ url: string; bots: BotAccount[] }>,
    environment(installation) {
      const lines = accountsOf(installation).map(({ number, token, name }) => `${number} ${token} ${name}`);
      return {
        ONEBOT_BOTS: writeSecretFile(installation.folder, 'onebot-bots.txt', lines.join('\n')),
        ONEBOT_MEDIA_URL: urlOf(installation).replace('ws:', 'http:'),
      };
    },
    people: () => BOTS.map(({ number, word }) => account('bots', number, '', word)),
    person: simulatedPerson('bots', {
      abilities: ['reply', 'recall', 'sendFile'],
      nobody: '99999',
      fields: OPEN_FIELDS,
      lines: { greeting: '你好，我是机器人小智。', answer: '收到，我记下了。' },
    }),
    look,
    ghostOf: (_installation, { address }) => address,
    describe: (installation) => ({ url: urlOf(installation) }),
  },
  deployment: {
    port: 8127,
    isCalled: true,
    environment: {
      ONEBOT_BOTS: '/credentials/onebot-bots.txt',
      ONEBOT_MEDIA_URL: '${ONEBOT_MEDIA_URL:-http://127.0.0.1:8127}',
    },
  },
};

function accountsOf({ secrets }: Installation): BotAccount[] {
  return BOTS.map(({ number, name }) => ({ number, name, token: secrets.keyOf(`bot ${number}`) }));
}
