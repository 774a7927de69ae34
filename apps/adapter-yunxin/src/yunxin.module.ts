/** The Nest module of Yunxin. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { CopyController } from './copy.controller.js';
import { YunxinAdapter } from './yunxin.adapter.js';
import { yunxinSettings, type YunxinSettings } from './yunxin.config.js';

@Module({
  controllers: [CopyController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: YunxinSettings, log: Log) =>
        new YunxinAdapter(
          network(settings.NETWORK),
          {
            url: settings.YUNXIN_API_URL,
            appKey: settings.YUNXIN_APP_KEY,
            appSecret: settings.YUNXIN_APP_SECRET,
          },
          log,
        ),
    },
  ],
  exports: [ADAPTER],
})
export class YunxinModule {
  static readonly settings = yunxinSettings;
}
