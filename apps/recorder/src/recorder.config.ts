import { z } from 'zod';
import { busSettings, commonSettings, databaseSettings } from '#service';

export const recorderSettings = z.object({
  ...commonSettings,
  ...busSettings,
  ...databaseSettings,
  MEDIA_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(720)
    .default(72)
    .describe('Hours for which an attachment is kept while some recipients have not received it'),
  MEDIA_STORE_GB: z.coerce
    .number()
    .positive()
    .optional()
    .describe(
      'Maximum size of the attachments that one network has sent and that are kept, in GB. The oldest are deleted first. Default: 20',
    ),
  MEDIA_SWEEP_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe(
      'Seconds for which an attachment is kept after all recipients have received it; also the interval of the search for such attachments',
    ),
});
export type RecorderSettings = z.infer<typeof recorderSettings>;
