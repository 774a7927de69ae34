/** The three profiles for the test of all routes: how a stranger, and how the platform, asks. */
import { createHmac } from 'node:crypto';
import { bearer, EDGE_SECRET, edgeLog, edgeSeconds, type Edges } from '#adapter-kit/testing/edge';
import { keyOf, signText } from '../official/signature.js';
import { QqCallbackController } from '../qq.callback.js';
import { qqSettings } from '../qq.config.js';
import { qqAdapter } from '../qq.module.js';

const controllers = [QqCallbackController];

function profile(QQ_PROFILE: string) {
  const settings = {
    QQ_PROFILE,
    QQ_TRANSPORT: 'http',
    QQ_TOKEN: EDGE_SECRET,
    QQ_SECRET: EDGE_SECRET,
    QQ_APP_ID: '1',
  };
  return qqAdapter(qqSettings.parse(settings), edgeLog);
}

export const edges: Edges = {
  'QQ, OneBot 11': {
    adapter: profile('onebot11'),
    controllers,
    prove: (_method, _path, body, { key = EDGE_SECRET } = {}) => ({
      headers: { 'x-signature': `sha1=${createHmac('sha1', key).update(body).digest('hex')}` },
    }),
    bodies: { '/callback': '{"post_type":"meta_event"}' },
    timeless: 'body',
  },
  'QQ, OneBot 12': {
    adapter: profile('onebot12'),
    controllers,
    prove: (_method, _path, _body, { key = EDGE_SECRET } = {}) => ({ headers: bearer(key) }),
    bodies: { '/callback': '{"id":"1","type":"meta","detail_type":"heartbeat"}' },
    timeless: 'token',
  },
  'QQ, official bot API': {
    adapter: profile('official'),
    controllers,
    prove: (_method, _path, body, { key = EDGE_SECRET, ago = 0 } = {}) => ({
      headers: {
        'x-signature-timestamp': edgeSeconds(ago),
        'x-signature-ed25519': signText(keyOf(key), edgeSeconds(ago) + body),
      },
    }),
    bodies: { '/callback': '{"op":0,"t":"READY","d":{}}' },
  },
};
