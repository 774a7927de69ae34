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
      'Maximum number of telephone numbers that one network looks up in a minute, in this process. Further requests get code 65',
    ),
  MEDIA_LINK_URL: z
    .url()
    .optional()
    .describe(
      'Public base URL of the media gateway, for links to attachments. Without it no links are made, and attachments that a network cannot show are described in words',
    ),
  MEDIA_LINK_KEY: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Key that signs links to attachments, at least 32 characters; the same as in the media gateway. Needed with MEDIA_LINK_URL',
    ),
  RECIPIENTS_PER_DAY: z.coerce
    .number()
    .int()
    .min(1)
    .default(SENDER_RULES.recipientsPerDay)
    .describe(
      'Maximum number of different people to whom one subscriber writes in a day. Further messages get code 65',
    ),
  SAME_WORDS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(SENDER_RULES.sameWordsPerMinute)
    .describe(
      'Maximum number of different people to whom one subscriber sends the same text within a minute. Further messages get code 65',
    ),
  EXPIRY_SWEEP_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(30)
    .default(15)
    .describe(
      'Seconds between two searches for expired messages of offline networks. Senders are notified within twice this time',
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
