/** Capability documents: what a network can show, per feature a level and limits. Data, not code. */
import { z } from 'zod';
import { IdFolding } from './folding.js';
import { MediaRules } from './attachments.js';

/** 2 full · 1 partial · 0 shown as a fallback · -1 dropped · -2 rejected. */
export const Level = z.union([z.literal(2), z.literal(1), z.literal(0), z.literal(-1), z.literal(-2)]);
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
] as const;
export const Feature = z.enum(FEATURES);
export type Feature = z.infer<typeof Feature>;

/** As JSON. They are kept in memory by every switch, for every network. */
export const CAPABILITIES_MAX_BYTES = 16_384;

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export const Capabilities = z
  .object({
    version: z.string().max(64).describe('Changes whenever anything below does'),
    language: z.enum(['en', 'zh']).describe('Of the words that we put into this network'),
    features: z.record(Feature, Level),
    media: MediaRules.optional().describe('Absent: none; media go as links'),
    avatars: z
      .enum(['both', 'told', 'shown'])
      .optional()
      .describe(
        'told: avatars of its own people are passed on; shown: those of foreign people are shown; absent: neither',
      ),
    originalTime: z
      .boolean()
      .optional()
      .describe(
        'The network itself shows when a message was written that comes late (XEP-0203, Matrix `ts`); absent: words say it',
      ),
    ...IdFolding.shape,
    limits: z.object({
      textLength: z.int().positive().optional().describe('Graphemes of one message; longer text is split'),
      textUnits: z
        .int()
        .positive()
        .optional()
        .describe('UTF-16 code units of one message, where the network counts those'),
      textBytes: z
        .int()
        .positive()
        .optional()
        .describe('Bytes of one message in UTF-8, where the network counts those'),
      editAgeMs: z.int().positive().optional(),
      recallAgeMs: z.int().positive().optional(),
      reactionsPerPerson: z.int().positive().optional(),
      replyWindowMs: z
        .int()
        .positive()
        .optional()
        .describe('A person can be written to only for so long after his own last message (code 101)'),
      messagesPerWindow: z.int().positive().optional().describe('And only so often in that time (code 102)'),
    }),
  })
  .refine((capabilities) => bytesOf(capabilities) <= CAPABILITIES_MAX_BYTES, {
    error: ({ input }) =>
      `has ${bytesOf(input)} bytes as JSON, and at most ${CAPABILITIES_MAX_BYTES} are taken`,
  })
  .meta({ id: 'Capabilities' });
export type Capabilities = z.infer<typeof Capabilities>;

export function levelOf(capabilities: Capabilities, feature: Feature): Level {
  return capabilities.features[feature];
}

/** Every feature at one level, but for those named. */
export function levels(base: Level, others: Partial<Record<Feature, Level>> = {}): Record<Feature, Level> {
  const all = Object.fromEntries(FEATURES.map((feature) => [feature, base])) as Record<Feature, Level>;
  return { ...all, ...others };
}
