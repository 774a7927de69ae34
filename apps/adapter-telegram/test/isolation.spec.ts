import { isolatesConversations } from '#adapter-contract';
import { network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { TelegramAdapter } from '../src/telegram.adapter.js';
import { telegramSettings } from '../src/telegram.config.js';

isolatesConversations(async (slow) => {
  const double = new HubDouble({ talked: true });
  const settings = telegramSettings.parse({
    TELEGRAM_TOKEN: '7000000001:token',
    TELEGRAM_API_URL: 'http://127.0.0.1:9',
    TELEGRAM_WEBHOOK_URL: 'http://127.0.0.1:9/webhook',
    TELEGRAM_SECRET: 'a-secret-of-ours',
  });
  const adapter = new TelegramAdapter(network('telegram'), settings, double.log);
  await adapter.start(slow(double.hub));
  let written = 0;
  return {
    write: (person, text) => {
      const message = {
        message_id: ++written,
        date: 1_764_440_000,
        chat: { id: 100_000 + person, type: 'private' },
        text,
        reply_to_message: { message_id: 999 },
      };
      return adapter.webhook({ native: '', json: { update_id: written, message } });
    },
    close: () => adapter.stop(),
  };
});
