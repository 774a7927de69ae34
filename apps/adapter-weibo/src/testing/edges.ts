/** The HTTP edge for the test of all routes: how a stranger, and how the platform, asks. */
import { createHash } from 'node:crypto';
import { EDGE_NONCE, EDGE_SECRET, edgeLog, edgeSeconds, type Edges } from '#adapter-kit/testing/edge';
import { CallbackController } from '#official-account';
import { network } from '#protocol';
import { WeiboAdapter } from '../weibo.adapter.js';
import { weiboSettings } from '../weibo.config.js';

const settings = weiboSettings.parse({ WEIBO_APP_SECRET: EDGE_SECRET, WEIBO_ACCESS_TOKEN: 't' });

export const edges: Edges = {
  Weibo: {
    adapter: new WeiboAdapter(network('weibo'), settings, edgeLog),
    controllers: [CallbackController],
    prove(_method, _path, _body, { key = EDGE_SECRET, ago = 0 } = {}) {
      const sorted = [key, edgeSeconds(ago), EDGE_NONCE].sort().join('');
      const signature = createHash('sha1').update(sorted).digest('hex');
      return { query: `?signature=${signature}&timestamp=${edgeSeconds(ago)}&nonce=${EDGE_NONCE}&echostr=x` };
    },
    bodies: { '/callback': '{"type":"text","sender_id":1}' },
  },
};
