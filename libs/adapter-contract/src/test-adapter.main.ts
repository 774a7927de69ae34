/** The test network's adapter as a process of its own, so that it can be killed like any other. */
import { z } from 'zod';
import { MediaRules, network } from '#protocol';
import { adapterModule, runAdapter } from '#adapter-kit';
import { TEST_CAPABILITIES, TestAdapter } from './test.adapter.js';

const testSettings = z.object({
  TEST_NETWORK: z.string().describe('Slug of the network'),
  TEST_MEDIA: z
    .string()
    .transform((text) => MediaRules.parse(JSON.parse(text)))
    .optional()
    .describe('What of media it takes, as JSON; everything, if absent'),
  TEST_REPLY_WINDOW_MS: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('How long after a message of theirs a person can be written to, ms; always, if absent'),
  TEST_PORT: z.coerce.number().int().describe('Port of its server'),
});

const TestModule = adapterModule(
  testSettings,
  ({ TEST_NETWORK: slug, TEST_PORT: port, TEST_MEDIA: media, TEST_REPLY_WINDOW_MS: replyWindowMs }) =>
    new TestAdapter(network(slug), port, {
      ...TEST_CAPABILITIES,
      ...(media ? { media } : {}),
      limits: replyWindowMs === undefined ? {} : { replyWindowMs },
    }),
);

await runAdapter('adapter-test', TestModule);
