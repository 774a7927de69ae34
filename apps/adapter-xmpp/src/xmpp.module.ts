/** The Nest module of XMPP. */
import { Module } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { network } from '#protocol';
import { LOG, SETTINGS, type Log } from '#service';
import { XmppAdapter } from './xmpp.adapter.js';
import { xmppSettings, type XmppSettings } from './xmpp.config.js';

@Module({
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS, LOG],
      useFactory: (settings: XmppSettings, log: Log) =>
        new XmppAdapter(network(settings.NETWORK), settings, log),
    },
  ],
  exports: [ADAPTER],
})
export class XmppModule {
  static readonly settings = xmppSettings;
}
