/** 5G messages (RCS) as the rest of the repository sees them. */
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { CHATBOT, numberOf } from '../simulator/ids.js';
import { look } from '../simulator/look.js';
import { RCS_CAPABILITIES, rcsSettings } from './rcs.config.js';

const APP_ID = 'hutong-csp';

export const rcs: NetworkManifest = {
  slug: 'rcs',
  slugIsAWord: true,
  name: '5G messages (simulated chatbot)',
  app: 'adapter-rcs',
  settings: rcsSettings,
  capabilities: RCS_CAPABILITIES,
  module: async () => (await import('./rcs.module.js')).RcsModule,
  nativeThings: () => Promise.resolve({ 'any other type': '（发送了无法在此显示的内容：…）' }),
  standalone: simulatedBot({
    slug: 'rcs',
    ports: { simulator: 8120, adapter: 8121 },
    path: '/notify',
    routes: [{ kind: 'rcs', key: '86' }],
    words: ['laochen', 'xiaozhou'],
    nativeOf: numberOf,
    channel: CHATBOT,
    person: simulatedPerson('rcs', {
      abilities: ['reply', 'markRead', 'sendFile'],
      // People remove messages from their own telephone alone.
      untold: ['recall'],
      nobody: '10000000000',
      fields: OPEN_FIELDS,
      lines: { greeting: '用5G消息向你问好！', answer: '收到，很高兴认识你。' },
    }),
    look,
    options: (secretOf) => ({
      dialect: 'xml' as const,
      appId: APP_ID,
      appKey: secretOf('key'),
      token: secretOf('token'),
    }),
    open: async (options) => (await import('../simulator/index.js')).RcsSimulator.open(options),
    connect: (simulator, url) => simulator.connect(url),
    environment: (secretOf, url) => ({
      RCS_DIALECT: 'xml',
      RCS_URL: url,
      RCS_CHATBOT: CHATBOT,
      RCS_APP_ID: APP_ID,
      RCS_APP_KEY: secretOf('key'),
    }),
  }),
  deployment: {
    port: 8121,
    isCalled: true,
    environment: {
      RCS_DIALECT: '${RCS_DIALECT:-xml}',
      RCS_URL: '${RCS_URL:-}',
      RCS_CHATBOT: '${RCS_CHATBOT:-}',
      RCS_APP_ID: '${RCS_APP_ID:-}',
      RCS_APP_KEY: '${RCS_APP_KEY:-}',
      RCS_TOKEN: '${RCS_TOKEN:-}',
    },
  },
};
