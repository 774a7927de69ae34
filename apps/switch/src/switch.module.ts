/** The switch: one module per feature. Any number of instances share the networks. */
import { Module, type DynamicModule } from '@nestjs/common';
import { BusConnection, openHubBus } from '#bus';
import { HubBusModule, SettingsModule, type HubProcess } from '#hub-process';
import { HealthModule } from '#service';
import { CallsModule } from './calls/calls.module.js';
import { ExpiryModule } from './expiry/expiry.module.js';
import { LanesModule } from './lanes/lanes.module.js';
import { NetworkLanes } from './lanes/network-lanes.js';
import { LinksModule } from './links/links.module.js';
import { MediaModule } from './media/media.module.js';
import { ConsentView } from './registry/consent-view.js';
import { RegistryModule } from './registry/registry.module.js';
import { RegistryView } from './registry/registry-view.js';
import { ResolveModule } from './resolve/resolve.module.js';
import { SignalsModule } from './signals/signals.module.js';
import type { SwitchSettings } from './switch.config.js';

const health = HealthModule.made({
  imports: [RegistryModule, LanesModule],
  inject: [BusConnection, NetworkLanes, RegistryView, ConsentView],
  useFactory: (link: BusConnection, lanes: NetworkLanes, registry: RegistryView, consents: ConsentView) => ({
    check: () => ({
      bus: link.connected,
      consumers: lanes.areThere,
      registry: registry.known && consents.known,
    }),
  }),
});

@Module({})
export class SwitchModule {
  static on({ settings, log, onRefusal }: HubProcess<SwitchSettings>): DynamicModule {
    return {
      module: SwitchModule,
      imports: [
        SettingsModule.of(settings, log),
        HubBusModule.on({
          open: () => openHubBus(settings, 'switch', log, onRefusal),
          publishes: true,
        }),
        health,
        RegistryModule,
        LanesModule,
        SignalsModule,
        ExpiryModule,
        ResolveModule,
        LinksModule,
        CallsModule,
        MediaModule,
      ],
    };
  }
}
