/** Personal WeChat as the rest of the repository sees it. */
import { createHash } from 'node:crypto';
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { PHRASES } from '#protocol';
import { CHANNEL, personIdOf } from '../simulator/ids.js';
import { look } from '../simulator/look.js';
import { weixinCapabilities, weixinSettings } from './weixin.config.js';

const PEOPLE = ['xiaoyu', 'dawei'];
const WINDOW_MS = 24 * 3600_000;
/** Higher than WeChat's, so that a demonstration does not end after ten messages. */
const QUOTA = 100_000;

export const weixin: NetworkManifest = {
  slug: 'weixin',
  name: 'Personal WeChat (simulated iLink service)',
  app: 'adapter-weixin',
  settings: weixinSettings,
  capabilities: weixinCapabilities(WINDOW_MS, QUOTA),
  module: async () => (await import('./weixin.module.js')).WeixinModule,
  profiles: () => ({ weixin: weixinCapabilities() }),
  nativeThings: () => Promise.resolve({ 'any other type': PHRASES.zh.notShown('…', '') }),
  standalone: simulatedBot({
    slug: 'weixin',
    ports: { simulator: 8130, adapter: 8131 },
    // The adapter asks for what happened; nothing is called.
    path: '/',
    words: PEOPLE,
    nativeOf: personIdOf,
    channel: CHANNEL,
    person: simulatedPerson('weixin', {
      abilities: ['reply', 'sendFile'],
      untold: ['recall'],
      nobody: personIdOf('nobody'),
      fields: OPEN_FIELDS,
      lines: { greeting: '微信上的朋友向你问好！', answer: '收到，很高兴认识你。' },
      // A contact may write only after the person wrote.
      firstWords: '/help',
      scans: true,
    }),
    look,
    options: (secretOf) => ({ secret: secretOf('tokens'), scanning: PEOPLE, quota: QUOTA }),
    open: async (options) => (await import('../simulator/index.js')).WeixinSimulator.open(options),
    // The adapter asks for QR codes itself.
    connect: () => Promise.resolve(),
    environment: (secretOf, url) => ({
      WEIXIN_QR_URL: url,
      WEIXIN_API_URL: url,
      WEIXIN_CDN_URL: `${url}/c2c`,
      WEIXIN_STORE_KEYS: createHash('sha256').update(secretOf('store')).digest('hex'),
      WEIXIN_WINDOW_MESSAGES: String(QUOTA),
      WEIXIN_GAP_MS: '0',
      WEIXIN_PAIR_AT_START: String(PEOPLE.length),
    }),
  }),
  deployment: {
    port: 8131,
    environment: { WEIXIN_STORE_KEYS: '${WEIXIN_STORE_KEYS:-}' },
  },
};
