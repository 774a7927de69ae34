import { z } from 'zod';
import { accountSettings } from '#official-account';

export const wechatSettings = z.object({
  NETWORK: z.string().default('wechat').describe('Slug of this network'),
  WECHAT_PROFILE: z
    .enum(['official-account', 'wecom'])
    .default('official-account')
    .describe('Which of the two platforms the account is on'),
  ...accountSettings,
});
