import { z } from 'zod';
import { busSettings, commonSettings } from '#service';

export const switchSettings = z.object({
  ...commonSettings,
  ...busSettings,
  NATS_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('Copies of every stream; 3 in a cluster'),
});
