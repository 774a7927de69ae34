import { z } from 'zod';
import { busSettings, commonSettings, databaseSettings, topologySettings } from '#service';

/** The least is that of `NewPassword`. */
const password = z.string().min(12).max(200).optional();

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
      'Code of a loss on the bus, which a refused start prints. The console then creates the lost streams and buckets again, empty. Accepts this loss only',
    ),
  BUS_AUTHORITY: z
    .string()
    .describe('Path of the file with the bus seeds, with which the console issues credentials'),
  ...databaseSettings,
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .transform((list) => list?.split(',').map((one) => one.trim()))
    .describe(
      'Addresses or networks of the reverse proxies in front of the console, separated by commas. Their X-Forwarded-For names the caller, for whom wrong keys are counted; their X-Forwarded-Proto says whether the caller uses TLS',
    ),
  NETWORK_MESSAGES_PER_SECOND: z.coerce
    .number()
    .int()
    .min(10)
    .max(1_000_000)
    .default(20_000)
    .describe(
      'Messages that one network may publish on the bus in a second (a chat message takes about five; a network that recovers from an outage sends thousands). A network over the limit is disconnected for 30 s, and for twice as long each further time within a day',
    ),
  NETWORK_MB_PER_SECOND: z.coerce
    .number()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Megabytes that one network may publish on the bus in a second; the same rule applies'),
  AUDIT_SIGNING_KEY: z
    .string()
    .optional()
    .describe(
      'Path of the Ed25519 key (PEM) that signs checkpoints of the audit log; created if the file is missing. Default: `audit-signing-key.pem` in the folder of BUS_AUTHORITY',
    ),
  AUDIT_CHECKPOINT_FILE: z
    .string()
    .optional()
    .describe(
      'Path of a file to which signed checkpoints of the audit log are appended; best on another disk or host',
    ),
  ADMIN_KEY: z.string().min(20).optional().describe('API key of the first admin, valid from the start'),
  SECOND_ADMIN_KEY: z
    .string()
    .min(20)
    .optional()
    .describe(
      'API key of the second admin, valid from the start. Changes that affect money or routes need two people',
    ),
  ADMIN_PASSWORD: password.describe(
    'First password of the first admin, who signs in to the web console as `first-admin`. Ignored once the person has a password',
  ),
  SECOND_ADMIN_PASSWORD: password.describe(
    'First password of the second admin, who signs in to the web console as `second-admin`. Ignored once the person has a password',
  ),
  CONSOLE_URL: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe(
      'Address of the console in the browsers of people. Requests with a session from pages of other addresses are refused. Default: the address of each request. Needed for OIDC_ISSUER',
    ),
  SESSION_IDLE_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe('Minutes without a request after which a session of the web console ends'),
  SESSION_HOURS: z.coerce
    .number()
    .min(0.1)
    .max(168)
    .default(12)
    .describe('Hours after which a session of the web console ends in any case'),
  WEB_FOLDER: z
    .string()
    .max(1000)
    .default('dist/web')
    .describe('Folder of the web console, which `npm run build` makes'),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe(
      'Issuer of the OpenID Connect provider with which people sign in. https, except on this machine. People are registered here; the provider only proves who they are',
    ),
  OIDC_CLIENT_ID: z.string().max(500).optional().describe('Id of the console at the OpenID provider'),
  OIDC_CLIENT_SECRET: z.string().max(500).optional().describe('Secret of the console at the OpenID provider'),
  OIDC_ROLE_CLAIM: z
    .string()
    .max(200)
    .optional()
    .describe(
      'Claim of the ID token with the roles (`admin`, `operator`, `auditor`) that a person may use. Somebody without the claim cannot sign in. It never gives a role that the person does not have here',
    ),
  ENCRYPTION_KEY: z
    .string()
    .max(2000)
    .transform((list) => list.split(',').map((one) => one.trim()))
    .pipe(
      z
        .array(z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case'))
        .min(1)
        .max(10),
    )
    .optional()
    .describe(
      'Key that encrypts secrets in the database (AES-256-GCM): those of authenticators and webhooks. 64 hexadecimal digits, the same for every console. To rotate it, put the new key in front of the former one, with a comma between them, until every console has started again. Without it nobody can set up a second factor or a webhook',
    ),
  WEBHOOK_PRIVATE_HOSTS: z
    .string()
    .max(2000)
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((one) => one.trim().toLowerCase())
        .filter(Boolean),
    )
    .describe(
      'Hosts with private or loopback addresses to which webhooks may be sent, also without TLS, separated by commas: alerts.internal:8443. All others must have public addresses and TLS',
    ),
  WEBHOOK_FAILING_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(60)
    .default(5)
    .describe('Days without a successful delivery after which a webhook whose attempts fail is disabled'),
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
    .describe('Maximum number of open proposals of one person'),
  LEAVE_NOTICE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(365)
    .default(30)
    .describe(
      'Minimum number of days between the announcement of a departure and its date; 0 for test networks',
    ),
  EMERGENCY_SUSPENSION_HOURS: z.coerce
    .number()
    .min(1)
    .max(168)
    .default(24)
    .describe('Hours after which a suspension by one admin ends, unless a second admin confirms it'),
});
export type ConsoleSettings = z.infer<typeof consoleSettings>;
