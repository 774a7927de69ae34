/** The Nest module of WeChat. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { CallbackController, OfficialAccountAdapter } from '#official-account';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { wechatSettings, type WechatSettings } from './wechat.config.js';
import { OFFICIAL_ACCOUNT, WECHAT_URL } from './wechat.profile.js';

@Module({
  controllers: [CallbackController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: WechatSettings, log: Log) =>
        new OfficialAccountAdapter(
          network(settings.NETWORK),
          OFFICIAL_ACCOUNT,
          settings,
          settings.ACCOUNT_API_URL ?? WECHAT_URL,
          log,
        ),
    },
  ],
  exports: [ADAPTER],
})
export class WechatModule {
  static readonly settings = wechatSettings;
}
