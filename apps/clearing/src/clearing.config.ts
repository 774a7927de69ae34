import { z } from 'zod';
import { Cutover, DEFAULT_CUTOVER, DEFAULT_DUE_DAYS, DEFAULT_ZONE, Zone } from '#clearing';
import { busSettings, commonSettings, databaseSettings } from '#service';

export const clearingSettings = z.object({
  ...commonSettings,
  ...busSettings,
  ...databaseSettings,
  CLEARING_PARTY_KEY: z
    .string()
    .min(32)
    .describe(
      'Key that hashes the addresses in detail records, at least 32 characters. Without the key nobody can find out the address. Never change it: later records would not match earlier ones',
    ),
  CLEARING_CUTOVER: Cutover.default(DEFAULT_CUTOVER).describe(
    'Time of day (HH:MM) at which a business day ends',
  ),
  CLEARING_ZONE: Zone.default(DEFAULT_ZONE).describe(
    'Time zone (IANA name) of the cutover and of business dates',
  ),
  CLEARING_DUE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(365)
    .default(DEFAULT_DUE_DAYS)
    .describe(
      'Calendar days after a business day on which its positions are due; the date is on each statement',
    ),
  CLEARING_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe(
      'Seconds between the cutover and the closing of a business day, so that outcomes that are still on the bus are counted',
    ),
});
export type ClearingSettings = z.infer<typeof clearingSettings>;
