/** Yixin as the rest of the repository sees it. */
import { simulatedAccount, type NetworkManifest } from '#network-manifest';
import { PHRASES } from '#protocol';
import { look } from '../simulator/look.js';
import { yixinSettings } from './yixin.config.js';
import { YIXIN } from './yixin.profile.js';

export const yixin: NetworkManifest = {
  slug: 'yixin',
  name: 'Yixin (simulated public platform)',
  app: 'adapter-yixin',
  settings: yixinSettings,
  capabilities: YIXIN.capabilities,
  module: async () => (await import('./yixin.module.js')).YixinModule,
  nativeThings: () =>
    Promise.resolve({
      'link, mini program': 'title and address as text',
      'any other type': PHRASES.zh.notShown('…', ''),
    }),
  standalone: simulatedAccount({
    slug: 'yixin',
    ports: { simulator: 8094, adapter: 8085 },
    people: ['wang', 'wu'],
    encrypted: false,
    person: {
      lines: {
        greeting: '易信也来了，十年后终于互通了。',
        answer: '收到，一言为定。',
      },
    },
    look,
    open: async (options) => (await import('../simulator/index.js')).openYixin(options),
  }),
  deployment: {
    port: 8085,
    isCalled: true,
    environment: {
      ACCOUNT_ID: '${YIXIN_APP_ID:-}',
      ACCOUNT_SECRET: '${YIXIN_SECRET:-}',
      ACCOUNT_TOKEN: '${YIXIN_TOKEN:-}',
      MEDIA_HOSTS: '${YIXIN_MEDIA_HOSTS:-}',
    },
  },
};
