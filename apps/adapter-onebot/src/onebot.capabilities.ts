/** What a bot is shown. Limits are ours: OneBot 11 states none, and bots expect what QQ's clients can send. */
import { levels, type Capabilities } from '#protocol';

const COMMON = {
  language: 'zh',
  ids: 'exact',
  // An event has the time at which it happened.
  originalTime: true,
  features: levels(0, { text: 2, reply: 2, recall: 2 }),
  limits: { textUnits: 4000 },
} as const satisfies Partial<Capabilities>;

const WORDS_ALONE: Capabilities = { ...COMMON, version: 'onebot-words-1' };

/** With an address at which bots download pictures. */
export const ONEBOT_CAPABILITIES: Capabilities = {
  ...COMMON,
  version: 'onebot-1',
  features: { ...COMMON.features, media: 2 },
  media: {
    captions: true,
    image: {
      types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
      maxBytes: 8 * 1024 * 1024,
    },
  },
};

export function capabilitiesWith(mediaUrl: string | undefined): Capabilities {
  return mediaUrl === undefined ? WORDS_ALONE : ONEBOT_CAPABILITIES;
}
