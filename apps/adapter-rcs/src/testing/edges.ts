/** Both dialects for the test of all routes: how a stranger, and how the platform, asks. */
import { createHash } from 'node:crypto';
import { EDGE_SECRET, edgeLog, edgeSeconds, type Edge, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { RcsAdapter } from '../rcs.adapter.js';
import { RcsNotificationController } from '../rcs.webhook.js';
import { closedSettings, type Dialect } from './closed-platform.js';

function edge(dialect: Dialect, body: string): Pick<Edge, 'adapter' | 'controllers' | 'bodies'> {
  const settings = { ...closedSettings(dialect), RCS_APP_KEY: EDGE_SECRET, RCS_TOKEN: EDGE_SECRET };
  return {
    adapter: new RcsAdapter(network('rcs'), settings, edgeLog),
    controllers: [RcsNotificationController],
    bodies: {
      '/notify/:kind/:chatbot': body,
      '/notify/:kind/:chatbot/:about': body,
      '/notify/:kind/:chatbot/:about/:what': body,
    },
  };
}

export const edges: Edges = {
  '5G messages, XML': {
    ...edge('xml', '<file/>'),
    prove(_method, _path, _body, { key = EDGE_SECRET } = {}) {
      const date = 'Mon, 06 Jul 2020 11:28:53 GMT';
      const digest = sha256(key + date);
      return { headers: { date, authorization: `Basic ${Buffer.from(`csp:${digest}`).toString('base64')}` } };
    },
    timeless: 'token',
  },
  '5G messages, JSON': {
    ...edge('json', '{"messageList":[]}'),
    prove(_method, path, _body, { key = EDGE_SECRET, ago = 0 } = {}) {
      const timestamp = edgeSeconds(ago);
      const nonce = `nonce of ${path}`;
      const signature = sha256([key, timestamp, nonce].toSorted().join(''));
      return { headers: { signature, timestamp, nonce } };
    },
  },
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
