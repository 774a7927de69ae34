/** The HTTP edge for the test of all routes: how a stranger, and how the platform, asks. */
import { createHmac } from 'node:crypto';
import { EDGE_SECRET, edgeLog, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { LineAdapter } from '../line.adapter.js';
import { lineSettings } from '../line.config.js';
import { LineWebhookController } from '../line.webhook.js';

const settings = lineSettings.parse({ LINE_CHANNEL_SECRET: EDGE_SECRET, LINE_CHANNEL_TOKEN: 't' });

export const edges: Edges = {
  LINE: {
    adapter: new LineAdapter(network('line'), settings, edgeLog),
    controllers: [LineWebhookController],
    prove: (_method, _path, body, { key = EDGE_SECRET } = {}) => ({
      headers: { 'x-line-signature': createHmac('sha256', key).update(body).digest('base64') },
    }),
    bodies: { '/webhook': '{"destination":"U0","events":[]}' },
    timeless: 'body',
  },
};
