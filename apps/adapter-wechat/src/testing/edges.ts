/** The HTTP edge for the test of all routes: how a stranger, and how the platform, asks. */
import { createHash } from 'node:crypto';
import { EDGE_NONCE, EDGE_SECRET, edgeLog, edgeSeconds, type Edges } from '#adapter-kit/testing/edge';
import { CallbackController, OfficialAccountAdapter } from '#official-account';
import { network } from '#protocol';
import { OFFICIAL_ACCOUNT, WECHAT_URL } from '../wechat.profile.js';

const account = {
  ACCOUNT_ID: 'wx0',
  ACCOUNT_SECRET: EDGE_SECRET,
  ACCOUNT_TOKEN: EDGE_SECRET,
  ACCOUNT_MODE: 'plain' as const,
};

export const edges: Edges = {
  'WeChat, WeCom, Yixin': {
    adapter: new OfficialAccountAdapter(network('wechat'), OFFICIAL_ACCOUNT, account, WECHAT_URL, edgeLog),
    controllers: [CallbackController],
    prove(_method, _path, _body, { key = EDGE_SECRET, ago = 0 } = {}) {
      const sorted = [key, edgeSeconds(ago), EDGE_NONCE].sort().join('');
      const signature = createHash('sha1').update(sorted).digest('hex');
      return { query: `?signature=${signature}&timestamp=${edgeSeconds(ago)}&nonce=${EDGE_NONCE}&echostr=x` };
    },
    bodies: { '/callback': '<xml><FromUserName>ann</FromUserName></xml>' },
  },
};
