/** The Nest module of Matrix. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { AppserviceController } from './appservice.controller.js';
import { MatrixAdapter } from './matrix.adapter.js';
import { matrixSettings, type MatrixSettings } from './matrix.config.js';

@Module({
  controllers: [AppserviceController],
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: MatrixSettings, log: Log) =>
        new MatrixAdapter(network(settings.NETWORK), settings, log),
    },
  ],
  exports: [ADAPTER],
})
export class MatrixModule {
  static readonly settings = matrixSettings;
}
