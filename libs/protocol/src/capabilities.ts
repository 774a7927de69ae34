/** Capability documents: what a network can show, per feature a level and limits. Data, not code. */
import { z } from 'zod';
import { IdFolding } from './folding.js';
import { MediaRules } from './attachments.js';

/** 2 full · 1 partial · 0 shown as a fallback · -1 dropped · -2 rejected. */
export const Level = z.literal([2, 1, 0, -1, -2]);
export type Level = z.infer<typeof Level>;

export const FEATURES = [
  'text',
  'formatting',
  'reply',
  'edit',
  'recall',
  'reaction',
  'delivered',
  'read',
  'typing',
  'presence',
  'contact',
  'media',
  'sticker',
  'location',
  'card',
  'call',
] as const;
export const Feature = z.enum(FEATURES);
export type Feature = z.infer<typeof Feature>;

/** Capability documents that were written before calls existed do not name them: their networks get a join link in words. */
const LEVELS = {
  ...(Object.fromEntries(FEATURES.map((feature) => [feature, Level])) as Record<Feature, typeof Level>),
  call: Level.default(0).describe(
    '2: the network exchanges session descriptions; 0: its people get a join link',
  ),
};

/** The longest time limit for late outcomes, days: the bus recognises a repeated outcome for so long. */
const LATE_DAYS = 7;

export const LateOutcomes = z
  .object({
    stages: z
      .array(z.enum(['delivered', 'read', 'failed']))
      .min(1)
      .max(3)
      .describe('What the network reports later'),
    withinMs: z
      .int()
      .positive()
      .max(LATE_DAYS * 24 * 3600 * 1000)
      .optional()
      .describe(
        'Time limit after which an outcome that is still `submitted` is closed as `unknown`, ms. Absent: the network does not report every success, so that its silence means nothing',
      ),
  })
  .meta({ id: 'LateOutcomes' });

/** Maximum size as JSON, in bytes: every switch keeps the capabilities of every network in memory. */
export const CAPABILITIES_MAX_BYTES = 16_384;

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export const Capabilities = z
  .object({
    version: z.string().max(64).describe('Changes whenever another field changes'),
    language: z.enum(['en', 'zh']).describe('Language of texts that the hub shows in this network'),
    features: z
      .strictObject(LEVELS)
      .describe('Level of each feature: 2 full, 1 partial, 0 shown as a fallback, -1 dropped, -2 rejected'),
    media: MediaRules.optional().describe(
      'Attachments that the network accepts. Absent: none; attachments are sent as links',
    ),
    avatars: z
      .enum(['both', 'told', 'shown'])
      .optional()
      .describe(
        'told: the adapter passes on the avatars of its own people; shown: the network shows the avatars of ghosts; both; absent: neither',
      ),
    pairing: z
      .literal('qr')
      .optional()
      .describe(
        'Each person pairs a contact of their own by scanning a QR code, which the adapter gives (hub.ask.pair). Absent: nothing is paired',
      ),
    originalTime: z
      .boolean()
      .optional()
      .describe(
        'true: the network shows when a late message was written (as XEP-0203 does). Absent: the text of the message says it',
      ),
    degrades: z
      .boolean()
      .optional()
      .describe(
        'true: the adapter degrades content itself, and the switch only refuses what the network drops or rejects. Absent: the switch degrades it',
      ),
    lateOutcomes: LateOutcomes.optional().describe(
      'The network reports after its answer to a message what became of it. Absent: its answer is final',
    ),
    ...IdFolding.shape,
    numbersPlus: z
      .literal(true)
      .optional()
      .describe(
        'Telephone numbers among the ids of this network begin with a plus (SIP). Absent: they are digits alone',
      ),
    limits: z.object({
      textLength: z
        .int()
        .positive()
        .optional()
        .describe('Maximum length of one message in graphemes; longer text is split'),
      textUnits: z
        .int()
        .positive()
        .optional()
        .describe('Maximum length of one message in UTF-16 code units, if the network counts those'),
      textBytes: z
        .int()
        .positive()
        .optional()
        .describe('Maximum length of one message in bytes of UTF-8, if the network counts those'),
      editAgeMs: z.int().positive().optional().describe('Maximum age of a message that is edited, ms'),
      recallAgeMs: z.int().positive().optional().describe('Maximum age of a message that is recalled, ms'),
      reactionsPerPerson: z
        .int()
        .positive()
        .optional()
        .describe('Maximum number of reactions of one person to one message'),
      replyWindowMs: z
        .int()
        .positive()
        .optional()
        .describe(
          'Reply window: time after the last message of a person during which they can be written to, ms (code 101)',
        ),
      messagesPerWindow: z
        .int()
        .positive()
        .optional()
        .describe('Maximum number of messages to a person within the reply window (code 102)'),
    }),
  })
  .refine((capabilities) => bytesOf(capabilities) <= CAPABILITIES_MAX_BYTES, {
    // Also if fields are wrong, so that all errors are known at once.
    when: ({ value }) => typeof value === 'object' && value !== null,
    error: ({ input }) => `at most ${CAPABILITIES_MAX_BYTES} bytes as JSON (it has ${bytesOf(input)})`,
  })
  .meta({ id: 'Capabilities' });
export type Capabilities = z.infer<typeof Capabilities>;

export function levelOf(capabilities: Capabilities, feature: Feature): Level {
  return capabilities.features[feature];
}

/** Every feature at one level, except those that are named. */
export function levels(base: Level, others: Partial<Record<Feature, Level>> = {}): Record<Feature, Level> {
  const all = Object.fromEntries(FEATURES.map((feature) => [feature, base])) as Record<Feature, Level>;
  return { ...all, ...others };
}
