/** Yixin as the rest of the repository sees it. */
import { simulatedAccount, type NetworkManifest } from '#network-manifest';
import { PHRASES } from '#protocol';
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
    look: {
      name: { en: 'Yixin', zh: '易信' },
      bubble: 'tail',
      colours: {
        accent: '#1fb6a6',
        header: '#21c1b0',
        headerText: '#ffffff',
        paper: '#eef6f5',
        mine: '#b7efe6',
        mineText: '#0c2f2b',
        theirs: '#ffffff',
        theirsText: '#1d2a29',
      },
      sends: ['image', 'voice', 'place'],
      voice: 'audio/amr',
      people: ['老王', '小吴'],
      named: true,
    },
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
