import { z } from 'zod';
import { busConnectionSettings, commonSettings } from '#service';

export const mediaGatewaySettings = z.object({
  ...commonSettings,
  ...busConnectionSettings,
  MEDIA_LINK_KEY: z
    .string()
    .min(32)
    .describe('Key with which the switch signs links to attachments; the same as in the switch'),
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((list) => list?.split(',').map((one) => one.trim()))
    .describe(
      'Addresses or networks of the reverse proxies in front, separated by commas: their X-Forwarded-Proto says whether the caller has TLS',
    ),
});
export type MediaGatewaySettings = z.infer<typeof mediaGatewaySettings>;
