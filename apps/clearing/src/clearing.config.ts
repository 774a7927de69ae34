import { z } from 'zod';
import { Cutover, DEFAULT_CUTOVER, DEFAULT_ZONE, Zone } from '#clearing';
import { busSettings, commonSettings, databaseSettings } from '#service';

export const clearingSettings = z.object({
  ...commonSettings,
  ...busSettings,
  ...databaseSettings,
  CLEARING_PARTY_KEY: z
    .string()
    .min(32)
    .describe(
      'Key that hashes the addresses in detail records; without it nobody can tell whose they are. Never change it',
    ),
  CLEARING_CUTOVER: Cutover.default(DEFAULT_CUTOVER).describe('Time of day at which a business day ends'),
  CLEARING_ZONE: Zone.default(DEFAULT_ZONE).describe('Time zone of the cutover and of business dates'),
  CLEARING_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe('Seconds after the cutover at which a day is closed, for outcomes that are still on their way'),
});
export type ClearingSettings = z.infer<typeof clearingSettings>;
