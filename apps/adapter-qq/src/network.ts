/** QQ as the rest of the repository sees it. */
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { ACCOUNT, numberOf } from '../simulator/ids.js';
import { look } from '../simulator/look.js';
import { ONEBOT_11_CAPABILITIES, ONEBOT_12_CAPABILITIES, officialCapabilities } from './qq.capabilities.js';
import { qqSettings } from './qq.config.js';

export const qq: NetworkManifest = {
  slug: 'qq',
  slugIsAWord: true,
  name: 'QQ (simulated OneBot account)',
  app: 'adapter-qq',
  settings: qqSettings,
  capabilities: ONEBOT_11_CAPABILITIES,
  module: async () => (await import('./qq.module.js')).QqModule,
  profiles: () => ({
    qq: ONEBOT_11_CAPABILITIES,
    'qq-onebot12': ONEBOT_12_CAPABILITIES,
    'qq-official': officialCapabilities(),
  }),
  standalone: simulatedBot({
    slug: 'qq',
    ports: { simulator: 8104, adapter: 8105 },
    path: '/callback',
    words: ['xiaoming', 'xiaofang'],
    nativeOf: numberOf,
    channel: ACCOUNT,
    person: simulatedPerson('qq', {
      abilities: ['reply', 'recall', 'sendFile'],
      nobody: numberOf('nobody'),
      fields: OPEN_FIELDS,
      lines: { greeting: 'QQ 上的朋友向你问好！', answer: '收到，很高兴认识你。' },
    }),
    look,
    options: (secretOf) => ({ profile: 'onebot11' as const, token: secretOf('token') }),
    open: async (options) => (await import('../simulator/index.js')).QqSimulator.open(options),
    // The adapter opens the WebSocket.
    connect: () => Promise.resolve(),
    environment: (secretOf, url) => ({
      QQ_PROFILE: 'onebot11',
      QQ_TRANSPORT: 'ws',
      QQ_URL: url.replace(/^http/, 'ws'),
      QQ_TOKEN: secretOf('token'),
    }),
  }),
  deployment: {
    port: 8105,
    isCalled: true,
    environment: {
      QQ_PROFILE: '${QQ_PROFILE:-onebot11}',
      QQ_TRANSPORT: '${QQ_TRANSPORT:-ws}',
      QQ_URL: '${QQ_URL:-}',
      QQ_TOKEN: '${QQ_TOKEN:-}',
      QQ_SECRET: '${QQ_SECRET:-}',
      QQ_APP_ID: '${QQ_APP_ID:-}',
      MEDIA_HOSTS: '${QQ_MEDIA_HOSTS:-multimedia.nt.qq.com.cn,gchat.qpic.cn}',
    },
  },
};
