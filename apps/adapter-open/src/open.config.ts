import { z } from 'zod';
import { IdRule } from '#protocol';
import { PROFILE_NAMES } from './profiles.js';

export const openSettings = z.object({
  NETWORK: z.string().describe('Slug of the network that joins through the open interface'),
  OPEN_PROFILE: z
    .enum(PROFILE_NAMES)
    .default('generic')
    .describe('Identity rules and abilities of the network'),
  OPEN_IDS: IdRule.optional().describe(
    'Which spellings of an id are one person (`exact`, `case-insensitive`, `jid`, `user-and-server`, `number`, `e164`); default: as the profile has it',
  ),
  OPEN_KEY: z
    .string()
    .min(32, 'at least 32 characters')
    .describe('Shared key of the signatures, in both directions'),
  OPEN_WEBHOOK_URL: z
    .url()
    .optional()
    .describe('Where the network takes events; without it the network connects by WebSocket'),
});
export type OpenSettings = z.infer<typeof openSettings>;
