/** Shared providers of all features beside settings, log and database: clock and bus. */
import { Global, Module, type DynamicModule, type ValueProvider, type FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Log, Refuse } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { CLOCK, type Clock } from './clock.js';
import { ConsoleBus } from './console-bus.js';

export interface CoreOptions {
  settings: ConsoleSettings;
  log: Log;
  clock: Clock;
  /** Called when the bus refuses this console permanently; the process then ends. */
  onRefusal?: Refuse | undefined;
}

@Global()
@Module({})
export class CoreModule {
  static open({ settings, log, clock, onRefusal }: CoreOptions): DynamicModule {
    return CoreModule.of([
      { provide: CLOCK, useValue: clock },
      {
        provide: ConsoleBus,
        inject: [DataSource],
        useFactory: (database: DataSource) => ConsoleBus.open(settings, database, log, onRefusal),
      },
    ]);
  }

  /** The module with these providers: the real ones, or placeholders if only the OpenAPI document is needed. */
  static of(providers: (ValueProvider | FactoryProvider)[]): DynamicModule {
    return { module: CoreModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
