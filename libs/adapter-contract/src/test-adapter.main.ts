/** The test network's adapter as a process of its own, so that it can be killed like any other. */
import { z } from 'zod';
import { network } from '#protocol';
import { runAdapter } from '#adapter-kit';
import { TestAdapter } from './test.adapter.js';

await runAdapter({
  name: 'adapter-test',
  settings: z.object({
    TEST_NETWORK: z.string().describe('Slug of the network'),
    TEST_PORT: z.coerce.number().int().describe('Port of its server'),
  }),
  create: (settings) => new TestAdapter(network(settings.TEST_NETWORK), settings.TEST_PORT),
});
