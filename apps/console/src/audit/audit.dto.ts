/** The audit log in the REST API. */
import { z } from 'zod';
import { At } from '../http/dates.js';
import { PageQuery } from '../http/page.js';
import { AUDIT_ORDERS } from './audit.repository.js';

export const Entry = z
  .object({
    seq: z.int(),
    at: z.string().max(40),
    actor: z.string().max(300),
    action: z.string().max(100),
    subject: z.string().max(300),
    reason: z.string().max(4000),
    change: z.unknown(),
    networks: z
      .array(z.string().max(40))
      .max(1000)
      .nullable()
      .describe(
        'Networks whose operators may read it; null: an old entry, whose hash does not include this field',
      ),
    previous: z.string().max(100).describe('Hash of the previous entry'),
    hash: z.string().max(100).describe('SHA-256 of `previous` and all other fields of the entry'),
  })
  .meta({ id: 'AuditEntry' });

const Filter = {
  subject: z.string().max(200).optional().describe('Subject of the change, such as network/<slug>'),
  who: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Beginning of the name of the actor; upper and lower case are the same'),
  action: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Beginning of the action: `network.suspended`, or `network.` for all actions on networks'),
  since: At.optional().describe('Entries from this time on'),
  until: At.optional().describe('Entries before this time'),
};
export const AuditQuery = PageQuery.extend({
  ...Filter,
  order: z.enum(AUDIT_ORDERS).default('oldest').describe('Which entries come first'),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export const ExportQuery = z.object({
  ...Filter,
  format: z
    .enum(EXPORT_FORMATS)
    .default('csv')
    .describe('csv: for spreadsheets; ndjson: one JSON document in each line'),
});
export type ExportQuery = z.infer<typeof ExportQuery>;
export const Verdict = z
  .object({
    entries: z.int(),
    root: z.string().max(100),
    broken: z.int().optional().describe('Number of the first entry with a wrong hash'),
  })
  .meta({ id: 'AuditVerdict' });

export const PublicKey = z
  .object({
    algorithm: z.literal('Ed25519'),
    key: z.string().max(100).describe('Ed25519 public key, 32 bytes in base64url'),
  })
  .meta({ id: 'AuditPublicKey' });
