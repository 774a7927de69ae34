/** The Nest module of the Yixin public platform. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { CallbackController, OfficialAccountAdapter } from '#official-account';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { yixinSettings, type YixinSettings } from './yixin.config.js';
import { YIXIN, YIXIN_URL } from './yixin.profile.js';

@Module({
  controllers: [CallbackController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: YixinSettings, log: Log) =>
        new OfficialAccountAdapter(
          network(settings.NETWORK),
          YIXIN,
          { ...settings, ACCOUNT_MODE: 'plain' },
          settings.ACCOUNT_API_URL ?? YIXIN_URL,
          log,
        ),
    },
  ],
  exports: [ADAPTER],
})
export class YixinModule {
  static readonly settings = yixinSettings;
}
