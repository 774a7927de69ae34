/** Manifest of Yunxin. `npm start` does not run this network. */
import type { NetworkManifest } from '#network-manifest';
import { PHRASES } from '#protocol';
import { YUNXIN_CAPABILITIES } from './yunxin.capabilities.js';
import { yunxinSettings } from './yunxin.config.js';

export const yunxin: NetworkManifest = {
  slug: 'yunxin',
  name: 'Yunxin',
  app: 'adapter-yunxin',
  settings: yunxinSettings,
  capabilities: YUNXIN_CAPABILITIES,
  module: async () => (await import('./yunxin.module.js')).YunxinModule,
  nativeThings: () => Promise.resolve({ 'any other type': PHRASES.zh.notShown('…', '') }),
  deployment: {
    port: 8091,
    isCalled: true,
    environment: {
      YUNXIN_APP_KEY: '${YUNXIN_APP_KEY:-}',
      YUNXIN_APP_SECRET: '${YUNXIN_APP_SECRET:-}',
      MEDIA_HOSTS: '${YUNXIN_MEDIA_HOSTS:-}',
    },
  },
};
