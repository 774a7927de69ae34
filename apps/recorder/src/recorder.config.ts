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
    .describe('Hours for which an attachment is kept unless it has been delivered to everybody before'),
  MEDIA_STORE_GB: z.coerce
    .number()
    .positive()
    .optional()
    .describe(
      'Space for the attachments that one network sends, GB; beyond it the oldest are deleted. 20 if absent',
    ),
  MEDIA_SWEEP_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe(
      'Seconds after its delivery to everybody for which an attachment is kept; also the time between two sweeps',
    ),
});
export type RecorderSettings = z.infer<typeof recorderSettings>;
