import { z } from 'zod';

export const accountSettings = {
  ACCOUNT_API_URL: z
    .url()
    .optional()
    .describe('Base URL of the API of the platform. Default: the official one'),
  ACCOUNT_ID: z.string().min(1).describe('App id (WeChat, Yixin) or corp id (WeCom)'),
  ACCOUNT_SECRET: z
    .string()
    .min(1)
    .describe('App secret (WeChat, Yixin), or secret of the application (WeCom)'),
  ACCOUNT_TOKEN: z.string().min(3).describe('Token that signs callbacks, as entered at the platform'),
  ACCOUNT_AES_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, 'an EncodingAESKey has 43 letters and digits')
    .optional()
    .describe('EncodingAESKey of encrypted callbacks, 43 characters, as entered at the platform'),
  ACCOUNT_MODE: z
    .enum(['plain', 'compatible', 'safe'])
    .default('plain')
    .describe(
      'Form of callbacks, as selected at the platform. safe: the adapter refuses callbacks that are not encrypted',
    ),
  ACCOUNT_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Maximum number of messages to one person in a minute, if the platform grants this account another rate than usual',
    ),
  ACCOUNT_PER_HOUR: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Maximum number of messages to one person in an hour, if the platform grants this account another rate than usual',
    ),
  ACCOUNT_WINDOW_MESSAGES: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Maximum number of messages to one person after a message of theirs, if the platform grants this account another one than usual. No effect where the platform has no reply window',
    ),
  ACCOUNT_AGENT_ID: z.coerce
    .number()
    .int()
    .optional()
    .describe('Id of the application (AgentId), WeCom only'),
};
const shape = z.object(accountSettings);
export type AccountSettings = z.infer<typeof shape>;

/** All settings of a network of the WeChat family. @param slug default of NETWORK */
export function networkSettings(slug: string) {
  return z.object({
    NETWORK: z.string().default(slug).describe('Slug of this network'),
    ...accountSettings,
  });
}
export type NetworkSettings = z.infer<ReturnType<typeof networkSettings>>;
