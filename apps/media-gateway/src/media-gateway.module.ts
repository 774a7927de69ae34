/** The media gateway: what links to attachments lead to, for everybody who has one. It has no database and no secret of an admin. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { BusConnection } from '#bus';
import { allowedMethods, InputPipe, ProblemFilter } from '#http';
import { HealthModule } from '#service';
import { LinksModule } from './links/links.module.js';

const health = HealthModule.made({
  inject: [BusConnection],
  useFactory: (link: BusConnection) => ({ check: () => ({ bus: link.connected }) }),
});

@Module({})
export class MediaGatewayModule {
  /** @param core from `CoreModule` */
  static on(core: DynamicModule): DynamicModule {
    return {
      module: MediaGatewayModule,
      imports: [core, health, LinksModule],
      providers: [
        allowedMethods,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: InputPipe },
      ],
    };
  }
}
