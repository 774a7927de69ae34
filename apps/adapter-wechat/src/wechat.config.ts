import { z } from 'zod';
import { accountSettings } from '#official-account';

export const wechatSettings = z.object({
  NETWORK: z.string().default('wechat').describe('Slug of this network'),
  ...accountSettings,
});
export type WechatSettings = z.infer<typeof wechatSettings>;
