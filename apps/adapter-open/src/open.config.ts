import { z } from 'zod';
import { IdRule } from '#protocol';
import { PROFILE_NAMES } from './profiles.js';

export const openSettings = z.object({
  NETWORK: z.string().describe('Slug of the network that joins through the open interface'),
  OPEN_PROFILE: z
    .enum(PROFILE_NAMES)
    .default('generic')
    .describe('Profile with the id rule and the abilities of the network'),
  OPEN_IDS: IdRule.optional().describe(
    'Id rule: which spellings of an id name the same person (`exact`, `case-insensitive`, `jid`, `user-and-server`, `number`, `e164`). Default: the rule of the profile',
  ),
  OPEN_KEY: z
    .string()
    .min(32, 'at least 32 characters')
    .describe('Shared key that signs requests in both directions, at least 32 characters'),
  OPEN_WEBHOOK_URL: z
    .url()
    .optional()
    .describe('URL to which the adapter posts events. Without it the network connects by WebSocket'),
});
export type OpenSettings = z.infer<typeof openSettings>;
