/** The edge of the operator for the test of all routes: how a stranger, and how the operator, asks. */
import { bearer, EDGE_SECRET, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { CaptchaController } from '../captcha.controller.js';

export const edges: Edges = {
  Fetion: {
    adapter: { network: network('fetion'), operatorKey: EDGE_SECRET } as never,
    controllers: [CaptchaController],
    prove: (_method, _path, _body, { key = EDGE_SECRET } = {}) => ({ headers: bearer(key) }),
    bodies: { '/fetion/captchas/:account': '{"id":"1","algorithm":"a","text":"t"}' },
    timeless: 'token',
  },
};
