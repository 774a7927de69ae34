/** The Nest module of Telegram. */
import { webhookModule } from '#adapter-webhook';
import { network } from '#protocol';
import { SettingsError } from '#service';
import { TelegramAdapter } from './telegram.adapter.js';
import { telegramSettings } from './telegram.config.js';
import { TelegramWebhookController } from './telegram.webhook.js';

export const TelegramModule = webhookModule(
  telegramSettings,
  [TelegramWebhookController],
  (settings, log) => {
    if (settings.TELEGRAM_WEBHOOK_URL !== undefined && settings.TELEGRAM_SECRET === undefined)
      throw new SettingsError('TELEGRAM_SECRET: needed with TELEGRAM_WEBHOOK_URL');
    return new TelegramAdapter(network(settings.NETWORK), settings, log);
  },
);
