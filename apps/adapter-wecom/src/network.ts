/** WeCom as the rest of the repository sees it; `npm start` does not run it. */
import type { NetworkManifest } from '#network-manifest';
import { wecomSettings } from './wecom.config.js';
import { WECOM } from './wecom.profile.js';

export const wecom: NetworkManifest = {
  slug: 'wecom',
  name: 'WeCom',
  app: 'adapter-wecom',
  settings: wecomSettings,
  capabilities: WECOM.capabilities,
  module: async () => (await import('./wecom.module.js')).WecomModule,
};
