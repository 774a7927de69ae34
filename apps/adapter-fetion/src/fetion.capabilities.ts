import { levels, type Capabilities } from '#protocol';

/** What Fetion clients show: text, presence, contact requests, "is typing". The limit is that of the PC client, which counts UTF-16 units. */
export const FETION_CAPABILITIES: Capabilities = {
  version: 'fetion-4',
  language: 'zh',
  features: levels(0, { text: 2, typing: 1, presence: 2, contact: 2 }),
  ids: 'number',
  numbersWithout: '86',
  limits: { textUnits: 180 },
};
