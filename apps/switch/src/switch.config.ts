import { z } from 'zod';
import { HOUSE_RULES } from './limits/limit-rules.js';
import { busSettings, commonSettings } from '#service';

export const switchSettings = z.object({
  ...commonSettings,
  ...busSettings,
  RESOLVE_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(120)
    .describe('So many telephone numbers one network may look up a minute, of this process; beyond, code 65'),
  MEDIA_LINK_URL: z
    .url()
    .optional()
    .describe('Where subscribers reach the media gateway, for links to media; without it there are none'),
  MEDIA_LINK_KEY: z
    .string()
    .min(32)
    .optional()
    .describe('Signs links to media; the media gateway has the same'),
  RECIPIENTS_PER_DAY: z.coerce
    .number()
    .int()
    .min(1)
    .default(HOUSE_RULES.recipientsPerDay)
    .describe('Different people whom one subscriber may write to, a day'),
  SAME_WORDS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(HOUSE_RULES.sameWordsPerMinute)
    .describe('Different people to whom one subscriber may say the same within a minute'),
  EXPIRY_SWEEP_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(30)
    .default(15)
    .describe('How often it is looked what expired for a network that is away; told within twice that'),
  MEDIA_LINK_HOURS: z.coerce.number().int().min(1).max(720).default(72).describe('So long a link is good'),
});
