/** The Nest module of the open interface. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { OpenController } from './open.controller.js';
import { OpenMediaController } from './media.controller.js';
import { OpenAdapter } from './open.adapter.js';
import { openSettings, type OpenSettings } from './open.config.js';

@Module({
  controllers: [OpenController, OpenMediaController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: OpenSettings, log: Log) =>
        new OpenAdapter(network(settings.NETWORK), settings, log),
    },
  ],
  exports: [ADAPTER],
})
export class OpenModule {
  static readonly settings = openSettings;
}
