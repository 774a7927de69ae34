/** Telegram as the rest of the repository sees it. */
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { PHRASES } from '#protocol';
import { BOT_ID, userIdOf } from '../simulator/ids.js';
import { look } from '../simulator/look.js';
import { TELEGRAM_CAPABILITIES, telegramSettings } from './telegram.config.js';

export const telegram: NetworkManifest = {
  slug: 'telegram',
  name: 'Telegram (simulated bot)',
  app: 'adapter-telegram',
  settings: telegramSettings,
  capabilities: TELEGRAM_CAPABILITIES,
  module: async () => (await import('./telegram.module.js')).TelegramModule,
  nativeThings: () =>
    Promise.resolve({
      spoiler: 'the words, shown',
      mention: 'the words',
      'any other type': PHRASES.en.notShown('…', ''),
    }),
  standalone: simulatedBot({
    slug: 'telegram',
    ports: { simulator: 8102, adapter: 8101 },
    path: '/webhook',
    words: ['nina', 'oleg'],
    nativeOf: userIdOf,
    channel: BOT_ID,
    person: simulatedPerson('telegram', {
      abilities: ['reply', 'edit', 'react', 'sendFile', 'rename'],
      untold: ['recall'],
      nobody: '999999999',
      fields: OPEN_FIELDS,
      lines: { greeting: 'Hello from Telegram!', answer: 'Good to hear from you.' },
      // A bot may write only to people who started it.
      firstWords: '/start',
    }),
    look,
    options: (secretOf) => ({ token: `${BOT_ID}:${secretOf('token')}` }),
    open: async (options) => (await import('../simulator/index.js')).TelegramSimulator.open(options),
    // The adapter enters its address itself.
    connect: () => Promise.resolve(),
    environment: (secretOf, TELEGRAM_API_URL, { ports }) => ({
      TELEGRAM_API_URL,
      TELEGRAM_TOKEN: `${BOT_ID}:${secretOf('token')}`,
      TELEGRAM_SECRET: secretOf('secret'),
      TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${ports.of('adapter-telegram')}/webhook`,
    }),
  }),
  deployment: {
    port: 8101,
    isCalled: true,
    environment: {
      TELEGRAM_TOKEN: '${TELEGRAM_TOKEN:-}',
      TELEGRAM_SECRET: '${TELEGRAM_SECRET:-}',
      TELEGRAM_WEBHOOK_URL: '${TELEGRAM_WEBHOOK_URL:-}',
    },
  },
};
