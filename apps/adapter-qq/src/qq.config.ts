import { z } from 'zod';

export const qqSettings = z.object({
  NETWORK: z.string().default('qq').describe('Slug of this network'),
  QQ_PROFILE: z
    .enum(['onebot11', 'onebot12', 'official'])
    .default('onebot11')
    .describe(
      'The interface to QQ: OneBot 11 or 12 of a program that is logged in, or the official bot API v2',
    ),
  QQ_TRANSPORT: z
    .enum(['ws', 'reverse-ws', 'http'])
    .default('ws')
    .describe(
      'ws: the adapter opens a WebSocket (OneBot: forward; official: gateway). reverse-ws: the OneBot program opens it. http: QQ or the OneBot program calls the adapter',
    ),
  QQ_URL: z
    .url()
    .default('https://api.sgroup.qq.com')
    .describe(
      'OneBot: address of the program, ws:// or http://, unless it opens the WebSocket. official: base of the API',
    ),
  QQ_TOKEN: z.string().optional().describe('OneBot: access token'),
  QQ_SECRET: z
    .string()
    .min(1)
    .optional()
    .describe('OneBot 11 over HTTP: secret that signs events. official: AppSecret of the bot'),
  QQ_APP_ID: z.string().optional().describe('official: AppID of the bot'),
  QQ_WINDOW_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(3_600_000)
    .describe('official: how long the bot may answer a message, ms (bot.q.qq.com, "发送消息", 2025-04)'),
  QQ_WINDOW_MESSAGES: z.coerce
    .number()
    .int()
    .positive()
    .default(5)
    .describe('official: answers to one message, at most (the same page)'),
  QQ_TOKEN_URL: z.url().default('https://bots.qq.com').describe('official: where access tokens are issued'),
});
export type QqSettings = z.infer<typeof qqSettings>;
