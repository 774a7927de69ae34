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
    issuedBy: z.string().max(300).describe('Who asked for it, or `renewal`'),
    renews: PublicKey.nullable().describe('The credential that was renewed with this one'),
    expiresAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
    revokedFor: z.string().max(500).nullable().describe('Reason of the revocation'),
    lastUsedAt: z.iso
      .datetime()
      .nullable()
      .describe('When an adapter last connected or disconnected with it'),
    lastAddress: z.string().max(100).nullable().describe('From which IP address'),
  })
  .meta({ id: 'BusCredential' });
export type BusCredential = z.infer<typeof BusCredential>;

export const IssuedCredential = BusCredential.extend({
  credentials: z.string().max(4000).describe('Content of a NATS credentials file; shown this once'),
}).meta({ id: 'IssuedCredential' });
export type IssuedCredential = z.infer<typeof IssuedCredential>;

export const Revocation = z.object({ reason: Reason }).meta({ id: 'CredentialRevocation' });
export const CredentialPageKey = z.tuple([Moment, PublicKey]);
export type Revocation = z.infer<typeof Revocation>;
