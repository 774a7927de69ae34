/** What every feature of the media gateway stands on: settings, log and bus. Opened first, closed last. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { BusConnection } from '#bus';
import { busCredentials, busTls, LOG, type Log, type Refuse, SETTINGS } from '#service';
import type { MediaGatewaySettings } from '../media-gateway.config.js';
import { CoreLifetime } from './core-lifetime.js';

export interface CoreOptions {
  settings: MediaGatewaySettings;
  log: Log;
  /** Called when the bus refuses this process for good. */
  onRefusal: Refuse;
}

@Global()
@Module({})
export class CoreModule {
  static open({ settings, log, onRefusal }: CoreOptions): DynamicModule {
    return CoreModule.of([
      { provide: SETTINGS, useValue: settings },
      { provide: LOG, useValue: log },
      { provide: BusConnection, useFactory: () => openBus(settings, log, onRefusal) },
      CoreLifetime,
    ]);
  }

  /** With these providers: the real ones, or placeholders where only the shape of the API is read. */
  static of(providers: NonNullable<DynamicModule['providers']>): DynamicModule {
    return { module: CoreModule, providers, exports: [SETTINGS, LOG, BusConnection] };
  }
}

/** Nothing is written here, so how the server writes to its disk is not asked, which this account cannot do. */
function openBus(settings: MediaGatewaySettings, log: Log, onRefusal: Refuse): Promise<BusConnection> {
  return BusConnection.open(
    {
      url: settings.NATS_URL,
      creds: busCredentials(settings),
      tls: busTls(settings),
      name: 'media-gateway',
      importsApi: true,
      onRefusal,
    },
    log,
  );
}
