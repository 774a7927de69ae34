/** The webhook address that the adapter enters at Telegram. */
import { secretEdge, webhookController } from '#adapter-webhook';
import type { TelegramAdapter } from './telegram.adapter.js';

export const TelegramWebhookController = webhookController(
  'webhook',
  secretEdge<TelegramAdapter>({
    header: 'x-telegram-bot-api-secret-token',
    secretOf: ({ settings }) => settings.TELEGRAM_SECRET,
    maxBody: 1024 * 1024,
    bounds: { depth: 32, values: 20_000 },
  }),
);
