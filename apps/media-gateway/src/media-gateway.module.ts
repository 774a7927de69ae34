/** The media gateway: serves attachments and call pages to everybody who has a link. It has no database and no secret of an admin. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { BusConnection } from '#bus';
import { HubBusModule, SettingsModule, type HubProcess } from '#hub-process';
import { allowedMethods, InputPipe, ProblemFilter } from '#http';
import { busCredentials, busTls, HealthModule } from '#service';
import { CallsModule } from './calls/calls.module.js';
import { LinksModule } from './links/links.module.js';
import type { MediaGatewaySettings } from './media-gateway.config.js';

const health = HealthModule.made({
  inject: [BusConnection],
  useFactory: (link: BusConnection) => ({ check: () => ({ bus: link.connected }) }),
});

@Module({})
export class MediaGatewayModule {
  static on(process: HubProcess<MediaGatewaySettings>): DynamicModule {
    const { settings, log } = process;
    return MediaGatewayModule.of([
      SettingsModule.of(settings, log),
      HubBusModule.on({ open: () => openBus(process) }),
    ]);
  }

  /** @param core modules that provide settings, log and bus, or placeholders where only the shape of the API is read */
  static of(core: DynamicModule[]): DynamicModule {
    return {
      module: MediaGatewayModule,
      imports: [...core, health, LinksModule, CallsModule],
      providers: [
        allowedMethods,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: InputPipe },
      ],
    };
  }
}

/** The gateway writes nothing, and its account may not ask how the server writes to disk: the storage check is left out. */
function openBus({ settings, log, onRefusal }: HubProcess<MediaGatewaySettings>): Promise<BusConnection> {
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
