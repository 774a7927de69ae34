/** The Nest module of one network of the WeChat family: only settings, profile and address differ. */
import type { z } from 'zod';
import type { AdapterModule } from '#adapter-kit';
import { webhookModule } from '#adapter-webhook';
import { network } from '#protocol';
import { CallbackController } from './callback.controller.js';
import { OfficialAccountAdapter } from './official-account.adapter.js';
import type { PlatformProfile } from './profile.js';
import type { AccountSettings, NetworkSettings } from './settings.js';

/** A platform without encryption has no settings for it. */
type GivenSettings = Omit<NetworkSettings, 'ACCOUNT_MODE'> & Partial<Pick<AccountSettings, 'ACCOUNT_MODE'>>;

/** @param apiUrl used unless ACCOUNT_API_URL is set */
export function accountModule<Shape extends z.ZodRawShape>(
  settings: z.infer<z.ZodObject<Shape>> extends GivenSettings ? z.ZodObject<Shape> : never,
  profile: PlatformProfile,
  apiUrl: string,
): AdapterModule {
  return webhookModule(settings as z.ZodObject<Shape>, [CallbackController], (given, log) => {
    // Which settings a generic `Shape` gives is checked where `settings` is declared, and not carried over to this callback.
    const { NETWORK, ...account } = given as unknown as GivenSettings;
    return new OfficialAccountAdapter(
      network(NETWORK),
      profile,
      { ACCOUNT_MODE: 'plain', ...account },
      account.ACCOUNT_API_URL ?? apiUrl,
      log,
    );
  });
}
