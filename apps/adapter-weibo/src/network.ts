/** Weibo as the rest of the repository sees it. */
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { PHRASES } from '#protocol';
import { ACCOUNT_UID, uidOf } from '../simulator/ids.js';
import { look } from '../simulator/look.js';
import { WEIBO_CAPABILITIES, weiboSettings } from './weibo.config.js';

export const weibo: NetworkManifest = {
  slug: 'weibo',
  name: 'Weibo (simulated fans service)',
  app: 'adapter-weibo',
  settings: weiboSettings,
  capabilities: WEIBO_CAPABILITIES,
  module: async () => (await import('./weibo.module.js')).WeiboModule,
  nativeThings: () => Promise.resolve({ 'any other type': PHRASES.zh.notShown('…', '') }),
  standalone: simulatedBot({
    slug: 'weibo',
    ports: { simulator: 8124, adapter: 8125 },
    path: '/callback',
    words: ['mei', 'bao'],
    nativeOf: uidOf,
    channel: ACCOUNT_UID,
    person: simulatedPerson('weibo', {
      abilities: ['sendFile'],
      nobody: '9999999999',
      fields: OPEN_FIELDS,
      lines: { greeting: '微博私信也能互通了。', answer: '收到，关注你了。' },
      // An account may write only within 48 hours after the person wrote.
      firstWords: '/帮助',
    }),
    look,
    options: (secretOf) => ({ appSecret: secretOf('app-secret'), token: secretOf('token') }),
    open: async (options) => (await import('../simulator/index.js')).WeiboSimulator.open(options),
    connect: (simulator, url) => simulator.connect(url),
    environment: (secretOf, url) => ({
      WEIBO_API_URL: url,
      WEIBO_MESSAGES_URL: url,
      WEIBO_FILES_URL: url,
      WEIBO_APP_SECRET: secretOf('app-secret'),
      WEIBO_ACCESS_TOKEN: secretOf('token'),
    }),
  }),
  deployment: {
    port: 8125,
    isCalled: true,
    environment: {
      WEIBO_APP_SECRET: '${WEIBO_APP_SECRET:-}',
      WEIBO_ACCESS_TOKEN: '${WEIBO_ACCESS_TOKEN:-}',
      WEIBO_FORMAT: '${WEIBO_FORMAT:-json}',
      MEDIA_HOSTS: '${WEIBO_MEDIA_HOSTS:-}',
    },
  },
};
