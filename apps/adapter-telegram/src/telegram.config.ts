import { z } from 'zod';
import { levels, type Capabilities } from '#protocol';

export const telegramSettings = z.object({
  NETWORK: z.string().default('telegram').describe('Slug of this network'),
  TELEGRAM_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, 'a token of @BotFather looks like 123456:ABC-DEF')
    .describe('Token of the bot, from @BotFather'),
  TELEGRAM_API_URL: z.url().default('https://api.telegram.org').describe('Base of the Bot API'),
  TELEGRAM_WEBHOOK_URL: z
    .url()
    .optional()
    .describe(
      'Public https address of /webhook, which the adapter enters at Telegram. Absent: it asks for updates',
    ),
  TELEGRAM_SECRET: z
    .string()
    .regex(/^[\w-]{8,256}$/, '8 to 256 letters, digits, - and _')
    .optional()
    .describe(
      'Secret that Telegram sends with each update, of your choice; needed with TELEGRAM_WEBHOOK_URL',
    ),
});
export type TelegramSettings = z.infer<typeof telegramSettings>;

/** Limits as of 2026-11-29, core.telegram.org/bots/api: sendMessage, sendPhoto, getFile, deleteMessage. In UTF-16 code units, bytes, ms. */
export const TEXT_UNITS = 4096;
export const CAPTION_UNITS = 1024;
const MB = 1024 * 1024;
const DELETE_MS = 48 * 3600_000;

export const TELEGRAM_CAPABILITIES: Capabilities = {
  version: 'telegram-1',
  language: 'en',
  ids: 'exact',
  features: levels(0, {
    text: 2,
    formatting: 2,
    reply: 2,
    edit: 2,
    recall: 2,
    reaction: 1,
    typing: 1,
    media: 2,
  }),
  media: {
    image: { types: ['image/jpeg', 'image/png', 'image/webp'], maxBytes: 10 * MB },
    voice: { types: ['audio/ogg'], maxBytes: 50 * MB },
    video: { types: ['video/mp4'], maxBytes: 50 * MB },
    file: { maxBytes: 50 * MB },
    captions: true,
  },
  avatars: 'told',
  // Number and name of who speaks stand in front of the text.
  limits: { textUnits: TEXT_UNITS - 200, recallAgeMs: DELETE_MS, reactionsPerPerson: 1 },
};
