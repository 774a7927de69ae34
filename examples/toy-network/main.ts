import { Module } from '@nestjs/common';
import { z } from 'zod';
import { network } from '#protocol';
import { ADAPTER, runAdapter } from '#adapter-kit';
import { SETTINGS } from '#service';
import { ToyAdapter } from './toy.adapter.js';

const toySettings = z.object({
  TOY_PORT: z.coerce.number().int().describe('Port of the toy network'),
  TOY_SECRET: z.string().describe('With which its gateway logs in'),
});

@Module({
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS],
      useFactory: (settings: z.infer<typeof toySettings>) => new ToyAdapter(network('toy'), settings),
    },
  ],
  exports: [ADAPTER],
})
class ToyModule {
  static readonly settings = toySettings;
}

await runAdapter('adapter-toy', ToyModule);
