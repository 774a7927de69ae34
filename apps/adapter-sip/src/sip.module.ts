/** The Nest module of Youxin. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { SipAdapter } from './sip.adapter.js';
import { sipSettings, type SipSettings } from './sip.config.js';

@Module({
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: SipSettings, log: Log) =>
        new SipAdapter(network(settings.NETWORK), settings, log),
    },
  ],
  exports: [ADAPTER],
})
export class SipModule {
  static readonly settings = sipSettings;
}
