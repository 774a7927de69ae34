/** What each interface to QQ can show. Figures of QQ with their source; "ours" where no document states one. */
import { levels, type Capabilities } from '#protocol';

const MB = 1024 * 1024;
/** QQ takes back messages of the account for two minutes (bot.q.qq.com, "撤回消息", 2025-04; the same in QQ's clients). */
const RECALL_AGE_MS = 120_000;
/** Ours: QQ's clients cut texts of some 4,500 characters. Number and name of who speaks stand in front of the text. */
const TEXT_UNITS = 4000 - 200;

const COMMON = {
  language: 'zh',
  ids: 'exact',
  features: levels(0, { text: 2, reply: 2, recall: 2, media: 2 }),
} as const satisfies Partial<Capabilities>;

/** The program converts what it is given. Sizes are ours: a file is one WebSocket message, in base64. */
const onebot = (version: string): Capabilities => ({
  ...COMMON,
  version,
  media: {
    captions: true,
    image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes: 8 * MB },
    voice: { types: ['audio/silk', 'audio/amr', 'audio/mpeg', 'audio/ogg'], maxBytes: 2 * MB },
    video: { types: ['video/mp4'], maxBytes: 8 * MB },
  },
  limits: { textUnits: TEXT_UNITS, recallAgeMs: RECALL_AGE_MS },
});

export const ONEBOT_11_CAPABILITIES = onebot('qq-onebot11-1');
export const ONEBOT_12_CAPABILITIES = onebot('qq-onebot12-1');

/** Types: bot.q.qq.com, "富媒体消息", 2025-04. */
export function officialCapabilities(replyWindowMs = 3_600_000, messagesPerWindow = 5) {
  return {
    ...COMMON,
    version: `qq-official-1-${replyWindowMs}-${messagesPerWindow}`,
    // The API has no field for a quote: the message that opens the window is another thing.
    features: { ...COMMON.features, reply: 0 },
    media: {
      captions: true,
      image: { types: ['image/jpeg', 'image/png'], maxBytes: 8 * MB },
      voice: { types: ['audio/silk'], maxBytes: 2 * MB },
      video: { types: ['video/mp4'], maxBytes: 8 * MB },
    },
    limits: { textUnits: TEXT_UNITS, recallAgeMs: RECALL_AGE_MS, replyWindowMs, messagesPerWindow },
  } satisfies Capabilities;
}
