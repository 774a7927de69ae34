/** The HTTP edge for the test of all routes: how a stranger, and how the platform, asks. */
import { createHash } from 'node:crypto';
import { EDGE_SECRET, edgeLog, edgeSeconds, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { CopyController } from '../copy.controller.js';
import { YunxinAdapter } from '../yunxin.adapter.js';

const settings = { url: new URL('http://127.0.0.1:9'), appKey: 'k', appSecret: EDGE_SECRET } as never;

export const edges: Edges = {
  Yunxin: {
    adapter: new YunxinAdapter(network('yunxin'), settings, edgeLog),
    controllers: [CopyController],
    prove(_method, _path, body, { key = EDGE_SECRET, ago = 0 } = {}) {
      const md5 = createHash('md5').update(body).digest('hex');
      const curtime = `${edgeSeconds(ago)}000`;
      const checksum = createHash('sha1')
        .update(key + md5 + curtime)
        .digest('hex');
      return { headers: { md5, curtime, checksum } };
    },
    bodies: { '/copy': '{"eventType":"1"}' },
  },
};
