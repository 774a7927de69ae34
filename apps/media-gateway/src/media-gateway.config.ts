import { z } from 'zod';
import { busConnectionSettings, commonSettings } from '#service';

export const mediaGatewaySettings = z.object({
  ...commonSettings,
  ...busConnectionSettings,
  MEDIA_LINK_KEY: z
    .string()
    .min(32)
    .describe('Key that signs links to attachments, at least 32 characters; the same as in the switch'),
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((list) => list?.split(',').map((one) => one.trim()))
    .describe(
      'Addresses or networks of the reverse proxies in front of the media gateway, separated by commas. Their X-Forwarded-Proto says whether the caller uses TLS',
    ),
});
export type MediaGatewaySettings = z.infer<typeof mediaGatewaySettings>;
