import { z } from 'zod';
import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { ToyAdapter } from './toy.adapter.js';

await runAdapter({
  name: 'adapter-toy',
  settings: z.object({
    TOY_PORT: z.coerce.number().int().describe('Port of the toy network'),
    TOY_SECRET: z.string().describe('With which its gateway logs in'),
  }),
  create: (settings) => new ToyAdapter(network('toy'), settings),
});
