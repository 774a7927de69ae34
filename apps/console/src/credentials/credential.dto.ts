import { z } from 'zod';
import { Network } from '#protocol';
import { Reason } from '../http/free-text.js';
import { Moment } from '../http/dates.js';

const PublicKey = z
  .string()
  .regex(/^U[A-Z2-7]{55}$/)
  .describe('Public key of the NATS user');
export const CredentialKey = PublicKey;

export const BusCredential = z
  .object({
    publicKey: PublicKey,
    network: Network,
    issuedAt: z.iso.datetime(),
    issuedBy: z.string().max(300).describe('Person who issued it, or `renewal`'),
    renews: PublicKey.nullable().describe('Public key of the credential that this one renewed'),
    expiresAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
    revokedFor: z.string().max(500).nullable().describe('Reason of the revocation'),
    lastUsedAt: z.iso
      .datetime()
      .nullable()
      .describe('Time at which an adapter last connected or disconnected with it'),
    lastAddress: z.string().max(100).nullable().describe('IP address of the last use'),
  })
  .meta({ id: 'BusCredential' });
export type BusCredential = z.infer<typeof BusCredential>;

export const IssuedCredential = BusCredential.extend({
  credentials: z.string().max(4000).describe('Content of a NATS credentials file; shown once'),
}).meta({ id: 'IssuedCredential' });
export type IssuedCredential = z.infer<typeof IssuedCredential>;

export const Revocation = z.object({ reason: Reason }).meta({ id: 'CredentialRevocation' });
export const CredentialPageKey = z.tuple([Moment, PublicKey]);
export type Revocation = z.infer<typeof Revocation>;
