import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { CallbackController, OfficialAccountAdapter } from '#official-account';
import { wechatSettings } from './wechat.config.js';
import { WECHAT_PROFILES } from './wechat.profiles.js';

await runAdapter({
  name: 'adapter-wechat',
  settings: wechatSettings,
  create: (settings, log) => {
    const { profile, url } = WECHAT_PROFILES[settings.WECHAT_PROFILE];
    return new OfficialAccountAdapter(
      network(settings.NETWORK),
      profile,
      settings,
      settings.ACCOUNT_API_URL ?? url,
      log,
    );
  },
  controllers: () => [CallbackController],
});
