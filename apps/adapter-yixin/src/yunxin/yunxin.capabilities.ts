import { levels, type Capabilities } from '#protocol';

/** Yunxin recalls within two minutes, unless the application is set up otherwise. */
export const YUNXIN_CAPABILITIES: Capabilities = {
  version: 'yunxin-1',
  language: 'zh',
  features: levels(0, { text: 2, recall: 2, location: 2 }),
  // The body has 5,000 bytes, and quotes and line breaks take two of them.
  limits: { textBytes: 2400, recallAgeMs: 120_000 },
};
