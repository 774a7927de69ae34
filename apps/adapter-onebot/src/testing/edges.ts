/** For the test of all routes: how a stranger, and how a bot, asks for an action or a picture. */
import { createHmac } from 'node:crypto';
import { EDGE_SECRET, edgeLog, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { ActionsController } from '../actions.controller.js';
import { OneBotAdapter } from '../onebot.adapter.js';
import { PicturesController } from '../pictures.controller.js';

const bot = { selfId: 10_001, token: EDGE_SECRET, name: 'x' };
const adapter = new OneBotAdapter(network('bots'), [bot], 'http://x', edgeLog);

export const edges: Edges = {
  'actions of bots': {
    adapter,
    controllers: [ActionsController],
    prove: (_method, _path, _body, { key = EDGE_SECRET } = {}) => ({
      headers: { authorization: `Bearer ${key}` },
    }),
    bodies: { '/:action': '{"user_id":1}' },
    timeless: 'token',
  },
  'pictures of bots': {
    adapter,
    controllers: [PicturesController],
    prove: (_method, path, _body, { key = EDGE_SECRET } = {}) => ({
      query: `?key=${createHmac('sha256', key).update(path).digest('base64url')}`,
    }),
    bodies: {},
    parameter: String(bot.selfId),
    timeless: 'body',
  },
};
