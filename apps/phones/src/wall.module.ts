/** The wall of phones: a page with several phones, each on a network of its own. Runs with npm start only. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { SettingsModule } from '#hub-process';
import { allowedMethods, InputPipe, ProblemFilter } from '#http';
import { HealthModule, type Log } from '#service';
import { OpenPhones } from './open-phones.js';
import { PlayService } from './play/play.service.js';
import { WallController } from './wall.controller.js';
import { WallGuard } from './wall.guard.js';
import { WALL_OPTIONS, type WallOptions } from './wall-network.js';

@Module({})
export class WallModule {
  static on(options: WallOptions, log: Log): DynamicModule {
    return {
      module: WallModule,
      imports: [SettingsModule.of({}, log), HealthModule.using({ check: () => ({}) })],
      controllers: [WallController],
      providers: [
        { provide: WALL_OPTIONS, useValue: options },
        OpenPhones,
        PlayService,
        allowedMethods,
        { provide: APP_GUARD, useClass: WallGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: InputPipe },
      ],
    };
  }
}
