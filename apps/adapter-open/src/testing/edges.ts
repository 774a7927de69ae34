/** The open interface for the test of all routes: how a stranger, and how an adapter, asks. */
import { createHash, createHmac } from 'node:crypto';
import { EDGE_NONCE, EDGE_SECRET, edgeSeconds, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { OpenMediaController } from '../media.controller.js';
import { OpenController } from '../open.controller.js';
import { Verifier } from '../signature.js';

export const edges: Edges = {
  'open interface': {
    adapter: { network: network('open'), verifier: new Verifier(EDGE_SECRET) } as never,
    controllers: [OpenController, OpenMediaController],
    prove(method, path, body, { key = EDGE_SECRET, ago = 0 } = {}) {
      const hash = createHash('sha256').update(body).digest('hex');
      const signed = path.startsWith('/open/v1/media') && method === 'POST' ? hash : body;
      const mac = createHmac('sha256', key);
      mac.update([edgeSeconds(ago), EDGE_NONCE, method, path, signed].join('.'));
      return {
        headers: {
          'hutong-timestamp': edgeSeconds(ago),
          'hutong-nonce': EDGE_NONCE,
          'hutong-signature': `v1=${mac.digest('hex')}`,
          'hutong-content-sha256': hash,
        },
      };
    },
    bodies: { '/open/v1/events': '{"events":[{}]}', '/open/v1/media': 'a file' },
  },
};
