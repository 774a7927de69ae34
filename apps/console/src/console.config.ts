import { z } from 'zod';
import { busSettings, commonSettings, databaseSettings, topologySettings } from '#service';

export const consoleSettings = z.object({
  ...commonSettings,
  ...busSettings,
  HTTP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port of the REST API, its documentation at /docs, and health'),
  ...topologySettings,
  BUS_ACCEPT_LOSS: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional()
    .describe(
      'Code of a loss on the bus, as the refused start prints it: what was lost is created anew. Accepts that loss and no later one',
    ),
  BUS_AUTHORITY: z
    .string()
    .describe('Path of the file with the bus seeds; the console issues credentials with it'),
  ...databaseSettings,
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((list) => list?.split(',').map((one) => one.trim()))
    .describe(
      'Addresses or networks of the reverse proxies in front, with commas: whom they name in X-Forwarded-For is the caller, for whom wrong keys are counted; X-Forwarded-Proto says whether they have TLS',
    ),
  NETWORK_MESSAGES_PER_SECOND: z.coerce
    .number()
    .int()
    .min(10)
    .max(1_000_000)
    .default(20_000)
    .describe(
      'What one network may publish on the bus, on average over a second (a chat message takes about five, and a network that catches up after an outage sends thousands); beyond, the network is kept off the bus for 30 s, twice as long each further time within a day',
    ),
  NETWORK_MB_PER_SECOND: z.coerce.number().min(1).max(10_000).default(100).describe('The same, in megabytes'),
  AUDIT_SIGNING_KEY: z
    .string()
    .optional()
    .describe(
      'Path of the Ed25519 key (PEM) that signs checkpoints of the audit log; made if it is not there. `audit-signing-key.pem` beside BUS_AUTHORITY, if absent',
    ),
  AUDIT_CHECKPOINT_FILE: z
    .string()
    .optional()
    .describe(
      'Path of a file to which signed checkpoints of the audit log are appended: on another disk or host',
    ),
  ADMIN_KEY: z
    .string()
    .min(20)
    .optional()
    .describe('An admin API key that is made valid at start: how the first admin gets in'),
  SECOND_ADMIN_KEY: z
    .string()
    .min(20)
    .optional()
    .describe('The key of a second admin, likewise: what touches money or routes needs two people'),
  CHANGE_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe('Days after which a proposed change that is not applied expires'),
  OPEN_PROPOSALS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Open proposals that one admin may have'),
  LEAVE_NOTICE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(365)
    .default(30)
    .describe('Days that a network gives notice before it leaves; test networks need none'),
  EMERGENCY_SUSPENSION_HOURS: z.coerce
    .number()
    .min(1)
    .max(168)
    .default(24)
    .describe('Hours after which the suspension by one admin ends unless a second admin confirms it'),
});
export type ConsoleSettings = z.infer<typeof consoleSettings>;
