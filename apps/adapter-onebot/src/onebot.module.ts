/** The Nest module of the network of bots. Bots open WebSockets, or call its routes. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { ActionsController } from './actions.controller.js';
import { OneBotAdapter } from './onebot.adapter.js';
import { oneBotSettings, readBots, type OneBotSettings } from './onebot.config.js';
import { PicturesController } from './pictures.controller.js';

@Module({
  controllers: [ActionsController, PicturesController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: ({ NETWORK, ONEBOT_BOTS, ONEBOT_MEDIA_URL }: OneBotSettings, log: Log) =>
        new OneBotAdapter(network(NETWORK), readBots(ONEBOT_BOTS), ONEBOT_MEDIA_URL, log),
    },
  ],
  exports: [ADAPTER],
})
export class OneBotModule {
  static readonly settings = oneBotSettings;
}
