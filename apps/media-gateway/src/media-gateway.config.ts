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
  MEDIA_LINK_URL: z
    .url()
    .optional()
    .describe(
      'Public base URL of the media gateway, as in the switch. Needed with JANUS_URL, for the links to call pages. Browsers give a microphone to https and localhost only',
    ),
  JANUS_URL: z
    .url({ protocol: /^wss?$/ })
    .optional()
    .describe(
      "URL of Janus' WebSocket API, for call pages, such as ws://127.0.0.1:8188. Without it there are no call pages, and calls are described in words",
    ),
  JANUS_SECRET: z.string().min(16).optional().describe('`api_secret` of Janus, at least 16 characters'),
  CALL_RTP_ADDRESS: z
    .ipv4()
    .optional()
    .describe(
      'IPv4 address that peers send plain RTP to, if Janus stands behind a one-to-one NAT and does not know it',
    ),
  CALL_PRIVATE_ADDRESSES: z
    .enum(['0', '1'])
    .default('0')
    .describe(
      '1: plain RTP may also go to private and loopback addresses that members name in calls. For one machine, and for networks inside your own',
    ),
});
export type MediaGatewaySettings = z.infer<typeof mediaGatewaySettings>;
