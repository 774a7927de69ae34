/** Settings and log of the process, for every module. Settings are read and checked before the application is made. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LOG, SETTINGS, type Log } from '#service';

@Global()
@Module({})
export class SettingsModule {
  static of(settings: object, log: Log): DynamicModule {
    return {
      module: SettingsModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOG, useValue: log },
      ],
      exports: [SETTINGS, LOG],
    };
  }
}
