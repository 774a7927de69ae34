import { z } from 'zod';

export const accountSettings = {
  ACCOUNT_API_URL: z.url().optional().describe("Base of the platform's API, if not the official one"),
  ACCOUNT_ID: z.string().min(1).describe('App id (WeChat, Yixin) or corp id (WeCom)'),
  ACCOUNT_SECRET: z.string().min(1).describe('App secret; WeCom: the secret of the application'),
  ACCOUNT_TOKEN: z
    .string()
    .min(3)
    .describe('Token that callbacks are signed with, as entered at the platform'),
  ACCOUNT_AES_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, 'an EncodingAESKey has 43 letters and digits')
    .optional()
    .describe('EncodingAESKey of encrypted callbacks'),
  ACCOUNT_MODE: z
    .enum(['plain', 'compatible', 'safe'])
    .default('plain')
    .describe('How callbacks come; safe refuses what is not encrypted'),
  ACCOUNT_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Messages to one person in a minute, if the platform granted this account another rate'),
  ACCOUNT_AGENT_ID: z.coerce.number().int().optional().describe('WeCom: id of the application'),
};
const shape = z.object(accountSettings);
export type AccountSettings = z.infer<typeof shape>;

/** All settings of a network of the family. @param slug that it has unless NETWORK is set */
export function networkSettings(slug: string) {
  return z.object({
    NETWORK: z.string().default(slug).describe('Slug of this network'),
    ...accountSettings,
  });
}
export type NetworkSettings = z.infer<ReturnType<typeof networkSettings>>;
