import { z } from 'zod';
import { busSettings, commonSettings } from '#service';
import { SENDER_RULES } from './limits/sender-rules.js';

export const switchSettings = z.object({
  ...commonSettings,
  ...busSettings,
  RESOLVE_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(120)
    .describe(
      'Telephone numbers that one network may look up in a minute, per instance of the switch; further requests get code 65',
    ),
  MEDIA_LINK_URL: z
    .url()
    .optional()
    .describe(
      'Base URL at which subscribers reach the media gateway. Without it no links to attachments are made',
    ),
  MEDIA_LINK_KEY: z
    .string()
    .min(32)
    .optional()
    .describe('Key that signs links to attachments; the same as in the media gateway'),
  RECIPIENTS_PER_DAY: z.coerce
    .number()
    .int()
    .min(1)
    .default(SENDER_RULES.recipientsPerDay)
    .describe('Different people to whom one subscriber may write in a day'),
  SAME_WORDS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(SENDER_RULES.sameWordsPerMinute)
    .describe('Different people to whom one subscriber may send the same text within a minute'),
  EXPIRY_SWEEP_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(30)
    .default(15)
    .describe(
      'Seconds between two searches for expired messages of networks that are away; a sender is notified within twice this time',
    ),
  MEDIA_LINK_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(720)
    .default(72)
    .describe('Hours for which a link to an attachment is valid'),
});
export type SwitchSettings = z.infer<typeof switchSettings>;
