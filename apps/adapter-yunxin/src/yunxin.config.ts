import { z } from 'zod';

export const yunxinSettings = z.object({
  NETWORK: z.string().default('yunxin').describe('Slug of this network'),
  YUNXIN_API_URL: z.url().default('https://api.netease.im').describe('Base URL of the Yunxin server API'),
  YUNXIN_APP_KEY: z.string().min(1).describe('AppKey of the Yunxin application'),
  YUNXIN_APP_SECRET: z.string().min(1).describe('AppSecret of the Yunxin application'),
});
export type YunxinSettings = z.infer<typeof yunxinSettings>;
