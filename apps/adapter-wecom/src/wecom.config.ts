import { z } from 'zod';
import { accountSettings } from '#official-account';

export const wecomSettings = z.object({
  NETWORK: z.string().default('wecom').describe('Slug of this network'),
  ...accountSettings,
});
export type WecomSettings = z.infer<typeof wecomSettings>;
