/** The Nest module of Fetion. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { CaptchaController } from './captcha.controller.js';
import { FetionAdapter } from './fetion.adapter.js';
import { fetionSettings, type FetionSettings } from './fetion.config.js';

@Module({
  controllers: [CaptchaController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: FetionSettings, log: Log) =>
        new FetionAdapter(network(settings.NETWORK), settings, log),
    },
  ],
  exports: [ADAPTER],
})
export class FetionModule {
  static readonly settings = fetionSettings;
}
