import { z } from 'zod';
import { accountSettings } from '#official-account';

const { ACCOUNT_API_URL, ACCOUNT_ID, ACCOUNT_SECRET, ACCOUNT_TOKEN } = accountSettings;

export const yixinSettings = z.object({
  NETWORK: z.string().default('yixin').describe('Slug of this network'),
  ACCOUNT_API_URL,
  ACCOUNT_ID,
  ACCOUNT_SECRET,
  ACCOUNT_TOKEN,
});
export type YixinSettings = z.infer<typeof yixinSettings>;
