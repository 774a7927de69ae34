import { z } from 'zod';
import { levels, type Capabilities } from '#protocol';

const DAY_MS = 24 * 3600_000;
const MB = 1024 * 1024;
/** Of one message, ours: WeChat took 5,000 characters and 16,384 bytes, and refused 7,337 characters. */
const TEXT_UNITS = 3800;
const TEXT_BYTES = 16_000;
/** Number and name of who speaks stand in front of the text. */
const ROOM = 200;

export const weixinSettings = z.object({
  NETWORK: z.string().default('weixin').describe('Slug of this network'),
  WEIXIN_STORE_KEYS: z
    .string()
    .regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/i, '64 hexadecimal digits; several keys with commas between')
    .transform((keys) => keys.split(','))
    .describe(
      'Keys with which tokens of paired people are stored; the first one encrypts, the others only decrypt. Make one: openssl rand -hex 32',
    ),
  WEIXIN_QR_URL: z
    .url()
    .default('https://ilinkai.weixin.qq.com')
    .describe('Base of the calls with which a person is paired'),
  WEIXIN_API_URL: z
    .url()
    .default('https://ilinkai.weixin.qq.com')
    .describe('Base of the API, where WeChat names no other one for a person'),
  WEIXIN_CDN_URL: z
    .url()
    .default('https://novac2c.cdn.weixin.qq.com/c2c')
    .describe('Base of the store for attachments'),
  WEIXIN_VERSION: z
    .string()
    .regex(/^\d{1,3}\.\d{1,3}\.\d{1,3}$/)
    .default('2.4.9')
    .describe('Version of the official client that WeChat is told; too old a one is refused by the phone'),
  WEIXIN_WINDOW_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(DAY_MS)
    .describe('How long a person can be written to after they wrote, ms (2026-05)'),
  WEIXIN_WINDOW_MESSAGES: z.coerce
    .number()
    .int()
    .positive()
    .default(10)
    .describe('Messages to a person after each of theirs, at most (2026-05)'),
  WEIXIN_GAP_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(1200)
    .describe('Least time between two messages to one person, ms: WeChat punishes faster ones for an hour'),
  WEIXIN_CONTEXT_TOKEN: z
    .enum(['newest', 'none'])
    .default('newest')
    .describe('Whether messages carry the context token of the last message of the person'),
  WEIXIN_PAIR_AT_START: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      'QR codes that are requested at start, until so many people are paired; their texts are logged',
    ),
});
export type WeixinSettings = z.infer<typeof weixinSettings>;

/** Sizes are ours: an attachment is encrypted in memory. WeChat's own client reads at most 100 MB. */
export function weixinCapabilities(
  replyWindowMs = DAY_MS,
  messagesPerWindow = 10,
): Capabilities & { pairing: 'qr' } {
  return {
    version: `weixin-1-${replyWindowMs}-${messagesPerWindow}`,
    language: 'zh',
    ids: 'exact',
    features: levels(0, { text: 2, typing: 1, media: 2 }),
    // Voice notes of a bot are accepted and not shown: recordings go as files.
    media: {
      image: { types: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 10 * MB },
      video: { types: ['video/mp4'], maxBytes: 25 * MB },
      file: { maxBytes: 25 * MB },
      captions: true,
    },
    pairing: 'qr',
    limits: {
      textUnits: TEXT_UNITS - ROOM,
      textBytes: TEXT_BYTES - 3 * ROOM,
      replyWindowMs,
      messagesPerWindow,
    },
  };
}
