/** WeChat as the rest of the repository sees it. */
import { simulatedAccount, type NetworkManifest } from '#network-manifest';
import { PHRASES } from '#protocol';
import { look } from '../simulator/look.js';
import { wechatSettings } from './wechat.config.js';
import { OFFICIAL_ACCOUNT } from './wechat.profile.js';

export const wechat: NetworkManifest = {
  slug: 'wechat',
  name: 'WeChat (simulated official account)',
  app: 'adapter-wechat',
  settings: wechatSettings,
  capabilities: OFFICIAL_ACCOUNT.capabilities,
  module: async () => (await import('./wechat.module.js')).WechatModule,
  nativeThings: () =>
    Promise.resolve({
      'link, mini program': 'title and address as text',
      'any other type': PHRASES.zh.notShown('…', ''),
    }),
  standalone: simulatedAccount({
    slug: 'wechat',
    ports: { simulator: 8093, adapter: 8084 },
    people: ['li', 'lin'],
    encrypted: true,
    person: {
      lines: {
        greeting: '微信用户报到，通过公众号就能和你聊天。',
        answer: '好的，下次一起吃饭。',
      },
      // The platform lets its account write only to people who wrote to it before.
      firstWords: '帮助',
    },
    look,
    open: async (options) => (await import('../simulator/index.js')).openWechat(options),
  }),
  deployment: {
    port: 8084,
    isCalled: true,
    environment: {
      ACCOUNT_ID: '${WECHAT_APP_ID:-}',
      ACCOUNT_SECRET: '${WECHAT_SECRET:-}',
      ACCOUNT_TOKEN: '${WECHAT_TOKEN:-}',
      ACCOUNT_MODE: '${WECHAT_MODE:-safe}',
      ACCOUNT_AES_KEY: '${WECHAT_AES_KEY:-}',
      MEDIA_HOSTS: '${WECHAT_MEDIA_HOSTS:-}',
    },
  },
};
