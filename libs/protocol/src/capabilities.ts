/** Capability documents: what a network can show, per feature a level and limits. Data, not code. */
import { z } from 'zod';

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
] as const;
export const Feature = z.enum(FEATURES);
export type Feature = z.infer<typeof Feature>;

export const Capabilities = z
  .object({
    version: z.string().max(64).describe('Changes whenever anything below does'),
    language: z.enum(['en', 'zh']).describe('Of the words that we put into this network'),
    features: z.record(Feature, Level),
    limits: z.object({
      textLength: z.int().positive().optional().describe('Graphemes of one message; longer text is split'),
      editAgeMs: z.int().positive().optional(),
      recallAgeMs: z.int().positive().optional(),
      reactionsPerPerson: z.int().positive().optional(),
    }),
  })
  .meta({ id: 'Capabilities' });
export type Capabilities = z.infer<typeof Capabilities>;

export function levelOf(capabilities: Capabilities, feature: Feature): Level {
  return capabilities.features[feature];
}
