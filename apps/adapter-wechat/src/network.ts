/** WeChat as the rest of the repository sees it. */
import { simulatedAccount, type NetworkManifest } from '#network-manifest';
import { openWechat } from '../simulator/index.js';
import { wechatSettings } from './wechat.config.js';
import { OFFICIAL_ACCOUNT } from './wechat.profile.js';

export const wechat: NetworkManifest = {
  slug: 'wechat',
  name: 'WeChat (simulated official account)',
  app: 'adapter-wechat',
  settings: wechatSettings,
  capabilities: OFFICIAL_ACCOUNT.capabilities,
  module: async () => (await import('./wechat.module.js')).WechatModule,
  standalone: simulatedAccount({
    slug: 'wechat',
    ports: { simulator: 8093, adapter: 8084 },
    people: ['li', 'lin'],
    encrypted: true,
    open: openWechat,
  }),
};
