import { levels, type Capabilities } from '#protocol';

/** Yunxin recalls within two minutes, unless the application is set up otherwise. */
export const YUNXIN_CAPABILITIES: Capabilities = {
  version: 'yunxin-1',
  language: 'zh',
  features: levels(0, { text: 2, recall: 2, location: 2 }),
  limits: { textBytes: 4000, recallAgeMs: 120_000 },
};
