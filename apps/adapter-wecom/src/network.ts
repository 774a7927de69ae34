/** WeCom as the rest of the repository sees it; `npm start` does not run it. */
import type { NetworkManifest } from '#network-manifest';
import { PHRASES } from '#protocol';
import { wecomSettings } from './wecom.config.js';
import { WECOM } from './wecom.profile.js';

export const wecom: NetworkManifest = {
  slug: 'wecom',
  name: 'WeCom',
  app: 'adapter-wecom',
  settings: wecomSettings,
  capabilities: WECOM.capabilities,
  module: async () => (await import('./wecom.module.js')).WecomModule,
  nativeThings: () =>
    Promise.resolve({
      'link, mini program': 'title and address as text',
      'any other type': PHRASES.zh.notShown('…', ''),
    }),
  deployment: {
    port: 8088,
    isCalled: true,
    environment: {
      ACCOUNT_ID: '${WECOM_CORP_ID:-}',
      ACCOUNT_SECRET: '${WECOM_SECRET:-}',
      ACCOUNT_TOKEN: '${WECOM_TOKEN:-}',
      ACCOUNT_AES_KEY: '${WECOM_AES_KEY:-}',
      ACCOUNT_AGENT_ID: '${WECOM_AGENT_ID:-}',
      MEDIA_HOSTS: '${WECOM_MEDIA_HOSTS:-}',
    },
  },
};
