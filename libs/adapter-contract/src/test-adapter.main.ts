/** The test network's adapter as a process of its own, so that it can be killed like any other. */
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { MediaRules, network } from '#protocol';
import { ADAPTER, runAdapter } from '#adapter-kit';
import { SETTINGS } from '#service';
import { TEST_CAPABILITIES, TestAdapter } from './test.adapter.js';

const testSettings = z.object({
  TEST_NETWORK: z.string().describe('Slug of the network'),
  TEST_MEDIA: z
    .string()
    .transform((text) => MediaRules.parse(JSON.parse(text)))
    .optional()
    .describe('What of media it takes, as JSON; everything, if absent'),
  TEST_PORT: z.coerce.number().int().describe('Port of its server'),
});

@Module({
  providers: [
    {
      provide: ADAPTER,
      inject: [SETTINGS],
      useFactory: ({
        TEST_NETWORK: slug,
        TEST_PORT: port,
        TEST_MEDIA: media,
      }: z.infer<typeof testSettings>) =>
        new TestAdapter(network(slug), port, { ...TEST_CAPABILITIES, ...(media ? { media } : {}) }),
    },
  ],
  exports: [ADAPTER],
})
class TestModule {
  static readonly settings = testSettings;
}

await runAdapter('adapter-test', TestModule);
