import { z } from 'zod';
import { levels, type Capabilities } from '#protocol';

const DAY_MS = 24 * 3600_000;
const MB = 1024 * 1024;

export const whatsappSettings = z.object({
  NETWORK: z.string().default('whatsapp').describe('Slug of this network'),
  WHATSAPP_PHONE_ID: z
    .string()
    .regex(/^\d+$/)
    .describe('Id of the business telephone number (not the number)'),
  WHATSAPP_TOKEN: z
    .string()
    .min(1)
    .describe('Access token of a system user, with which the adapter calls Meta'),
  WHATSAPP_APP_SECRET: z.string().min(1).describe('Secret of the app, with which Meta signs webhooks'),
  WHATSAPP_VERIFY_TOKEN: z
    .string()
    .min(8)
    .describe('The verify token that is entered with the webhook address'),
  WHATSAPP_API_URL: z.url().default('https://graph.facebook.com').describe('Base of the Graph API'),
  WHATSAPP_API_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/)
    .default('v23.0')
    .describe('Version of the Graph API'),
  WHATSAPP_MEDIA_URL: z
    .url()
    .default('https://lookaside.fbsbx.com')
    .describe('Where attachments are fetched from; the token is sent there'),
  WHATSAPP_STATUS_WAIT_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(10_000)
    .describe('How long a message that got no answer waits for its first status before it ends as 103, ms'),
});
export type WhatsAppSettings = z.infer<typeof whatsappSettings>;

/** Of one text message, in characters. */
export const TEXT_UNITS = 4096;
/** Of a caption. */
export const CAPTION_UNITS = 1024;

/** Sizes and types as of 2026-11 (Cloud API reference, "Media"). */
export const WHATSAPP_CAPABILITIES: Capabilities = {
  version: 'whatsapp-1',
  language: 'en',
  ids: 'exact',
  features: levels(0, { text: 2, formatting: 1, reply: 2, reaction: 2, read: 2, media: 2 }),
  media: {
    image: { types: ['image/jpeg', 'image/png'], maxBytes: 5 * MB },
    voice: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/amr'], maxBytes: 16 * MB },
    video: { types: ['video/mp4', 'video/3gpp'], maxBytes: 16 * MB },
    file: { maxBytes: 100 * MB },
    captions: true,
  },
  lateOutcomes: { stages: ['delivered', 'read', 'failed'] },
  // Number and name of who speaks stand in front of the text.
  limits: { textUnits: TEXT_UNITS - 200, reactionsPerPerson: 1, replyWindowMs: DAY_MS },
};
