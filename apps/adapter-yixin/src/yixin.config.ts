import { z } from 'zod';
import { accountSettings } from '#official-account';
import { SettingsError } from '#service';

const { ACCOUNT_ID, ACCOUNT_SECRET, ACCOUNT_TOKEN } = accountSettings;

/** What a platform needs, Yunxin does not, and the other way round: `needed` tells what is missing. */
export const yixinSettings = z.object({
  NETWORK: z.string().default('yixin').describe('Slug of this network'),
  YIXIN_PROFILE: z
    .enum(['platform', 'yunxin'])
    .default('platform')
    .describe('The public platform (one account), or the Yunxin server API (a ghost for each person)'),
  ACCOUNT_API_URL: accountSettings.ACCOUNT_API_URL,
  ACCOUNT_ID: ACCOUNT_ID.optional(),
  ACCOUNT_SECRET: ACCOUNT_SECRET.optional(),
  ACCOUNT_TOKEN: ACCOUNT_TOKEN.optional(),
  YUNXIN_API_URL: z.url().default('https://api.netease.im').describe('Base of the Yunxin server API'),
  YUNXIN_APP_KEY: z.string().min(1).optional().describe('AppKey of the Yunxin application'),
  YUNXIN_APP_SECRET: z.string().min(1).optional().describe('AppSecret of the Yunxin application'),
});
export type YixinSettings = z.infer<typeof yixinSettings>;

/** @throws SettingsError that names the variable */
export function needed<Name extends keyof YixinSettings>(
  settings: YixinSettings,
  name: Name,
): NonNullable<YixinSettings[Name]> {
  const value = settings[name];
  if (value === undefined)
    throw new SettingsError(`${name}: needed for YIXIN_PROFILE=${settings.YIXIN_PROFILE}`);
  return value;
}
