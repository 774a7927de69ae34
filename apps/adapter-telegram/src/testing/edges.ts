/** The HTTP edge for the test of all routes: how a stranger, and how the platform, asks. */
import { EDGE_SECRET, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { TelegramWebhookController } from '../telegram.webhook.js';

export const edges: Edges = {
  Telegram: {
    adapter: { network: network('telegram'), settings: { TELEGRAM_SECRET: EDGE_SECRET } } as never,
    controllers: [TelegramWebhookController],
    prove: (_method, _path, _body, { key = EDGE_SECRET } = {}) => ({
      headers: { 'x-telegram-bot-api-secret-token': key },
    }),
    bodies: { '/webhook': '{"update_id":1}' },
    timeless: 'token',
    token: 'x-telegram-bot-api-secret-token',
  },
};
