import { z } from 'zod';
import { network } from '#protocol';
import { adapterModule, runAdapter } from '#adapter-kit';
import { ToyAdapter } from './toy.adapter.js';

const settings = z.object({
  TOY_PORT: z.coerce.number().int().describe('Port of the toy network'),
  TOY_SECRET: z.string().describe('Secret with which the gateway logs in'),
});

const ToyModule = adapterModule(settings, (given) => new ToyAdapter(network('toy'), given));

await runAdapter('adapter-toy', ToyModule);
