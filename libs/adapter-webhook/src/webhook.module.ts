/** The Nest module of an adapter that platforms call: its controllers, and the adapter under ADAPTER. */
import { Module, type Type } from '@nestjs/common';
import type { z } from 'zod';
import { ADAPTER, type AdapterModule, type AnyAdapter } from '#adapter-kit';
import { LOG, SETTINGS, type Log } from '#service';

export function webhookModule<Shape extends z.ZodRawShape>(
  settings: z.ZodObject<Shape>,
  controllers: Type[],
  create: (settings: z.infer<z.ZodObject<Shape>>, log: Log) => AnyAdapter,
): AdapterModule {
  @Module({
    controllers,
    providers: [{ provide: ADAPTER, inject: [SETTINGS, LOG], useFactory: create }],
    exports: [ADAPTER],
  })
  class WebhookAdapterModule {
    static readonly settings = settings;
  }
  return WebhookAdapterModule;
}
