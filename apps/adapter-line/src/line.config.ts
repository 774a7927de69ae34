import { z } from 'zod';
import { levels, type Capabilities } from '#protocol';

export const lineSettings = z.object({
  NETWORK: z.string().default('line').describe('Slug of this network'),
  LINE_CHANNEL_SECRET: z.string().min(1).describe('Channel secret, with which LINE signs its webhooks'),
  LINE_CHANNEL_TOKEN: z.string().min(1).describe('Channel access token, with which the adapter calls LINE'),
  LINE_API_URL: z.url().default('https://api.line.me').describe('Base of the Messaging API'),
  LINE_DATA_URL: z.url().default('https://api-data.line.me').describe('Where attachments are fetched from'),
});
export type LineSettings = z.infer<typeof lineSettings>;

/** Of one text message, in UTF-16 code units. */
export const TEXT_UNITS = 5000;

export const LINE_CAPABILITIES: Capabilities = {
  version: 'line-1',
  language: 'en',
  ids: 'exact',
  features: levels(0, { text: 2, reply: 2, typing: 1 }),
  avatars: 'told',
  // Number and name of who speaks stand in front of the text.
  limits: { textUnits: TEXT_UNITS - 200 },
};
