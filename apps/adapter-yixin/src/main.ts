import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { CallbackController, OfficialAccountAdapter } from '#official-account';
import { CopyController } from './yunxin/copy.controller.js';
import { YunxinAdapter } from './yunxin/yunxin.adapter.js';
import { needed, yixinSettings } from './yixin.config.js';
import { YIXIN, YIXIN_URL } from './yixin.profile.js';

await runAdapter({
  name: 'adapter-yixin',
  settings: yixinSettings,
  create: (settings, log) => {
    const name = network(settings.NETWORK);
    if (settings.YIXIN_PROFILE === 'yunxin')
      return new YunxinAdapter(
        name,
        {
          url: settings.YUNXIN_API_URL,
          appKey: needed(settings, 'YUNXIN_APP_KEY'),
          appSecret: needed(settings, 'YUNXIN_APP_SECRET'),
        },
        log,
      );
    const account = {
      ACCOUNT_ID: needed(settings, 'ACCOUNT_ID'),
      ACCOUNT_SECRET: needed(settings, 'ACCOUNT_SECRET'),
      ACCOUNT_TOKEN: needed(settings, 'ACCOUNT_TOKEN'),
      ACCOUNT_MODE: 'plain' as const,
    };
    return new OfficialAccountAdapter(name, YIXIN, account, settings.ACCOUNT_API_URL ?? YIXIN_URL, log);
  },
  controllers: (adapter) => [adapter instanceof YunxinAdapter ? CopyController : CallbackController],
});
