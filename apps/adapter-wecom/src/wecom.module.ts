/** The Nest module of WeCom. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { CallbackController, OfficialAccountAdapter } from '#official-account';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { wecomSettings, type WecomSettings } from './wecom.config.js';
import { WECOM, WECOM_URL } from './wecom.profile.js';

@Module({
  controllers: [CallbackController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: WecomSettings, log: Log) =>
        new OfficialAccountAdapter(
          network(settings.NETWORK),
          WECOM,
          settings,
          settings.ACCOUNT_API_URL ?? WECOM_URL,
          log,
        ),
    },
  ],
  exports: [ADAPTER],
})
export class WecomModule {
  static readonly settings = wecomSettings;
}
