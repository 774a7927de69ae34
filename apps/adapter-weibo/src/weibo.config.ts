import { z } from 'zod';
import { levels, type Capabilities } from '#protocol';

const HOUR_MS = 3600_000;

export const weiboSettings = z.object({
  NETWORK: z.string().default('weibo').describe('Slug of this network'),
  WEIBO_APP_SECRET: z
    .string()
    .min(1)
    .describe('App Secret of the app that the account names, with which Weibo signs callbacks'),
  WEIBO_ACCESS_TOKEN: z
    .string()
    .min(1)
    .describe('Access token of the account, from the page of the developer mode'),
  WEIBO_FORMAT: z
    .enum(['json', 'xml'])
    .default('json')
    .describe('Form of callbacks. The adapter sets it at Weibo'),
  WEIBO_API_URL: z.url().default('https://api.weibo.com').describe('Base of the API'),
  WEIBO_MESSAGES_URL: z
    .url()
    .default('https://m.api.weibo.com')
    .describe('Base of the part of the API that sends messages'),
  WEIBO_FILES_URL: z
    .url()
    .default('https://upload.api.weibo.com')
    .describe('Where attachments are fetched from; the token is sent there'),
});
export type WeiboSettings = z.infer<typeof weiboSettings>;

/** "Less than 300 Chinese characters": open.weibo.com, Send Customer Service Message, read 2026-11-30. */
export const TEXT_UNITS = 299;
/** Number and name of who speaks stand in front of the text. */
const NAME_UNITS = 69;

/** Window: the same page. A menu click, a follow or a scan opens it too; nothing limits the number of messages. */
export const WEIBO_CAPABILITIES: Capabilities = {
  version: 'weibo-1',
  language: 'zh',
  ids: 'exact',
  features: levels(0, { text: 2 }),
  avatars: 'told',
  limits: { textUnits: TEXT_UNITS - NAME_UNITS, replyWindowMs: 48 * HOUR_MS },
};
