/** People and their keys in the REST API. */
import { z } from 'zod';
import { ROLES, type ApiKeyRow, type PersonRow } from '#database';
import { IntegratorParty } from '#clearing';
import { Network } from '#protocol';
import { freeText } from '../http/free-text.js';

export const Mail = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .pipe(z.email().max(200))
  .describe('Mail address in lower case, unique for each person');

export const Roles = z
  .array(z.enum(ROLES))
  .min(1)
  .max(ROLES.length)
  .refine((roles) => new Set(roles).size === roles.length, 'a role is named once')
  .refine(
    (roles) => roles.length === 1 || !(roles.includes('operator') || roles.includes('integrator')),
    'an operator or integrator has no other role: nobody acts for a member and for the exchange',
  );

/** SHA-256 of a key that its owner made, so that nobody else sees the key. */
export const KeyHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case')
  .describe('SHA-256 of a key that the person made of at least 32 random bytes, as 64 hexadecimal digits');

export const KeyDays = z.int().min(1).max(365).default(90).describe('Days until the key expires');

export const PersonTerms = z
  .object({
    name: freeText(100),
    mail: Mail,
    roles: Roles,
    network: z
      .union([Network, IntegratorParty])
      .optional()
      .describe(
        'Network for which an operator acts, or integrator:<name> whose statements an integrator reads',
      ),
    key: z
      .object({ name: freeText(100), sha256: KeyHash, days: KeyDays })
      .optional()
      .describe('First key of the person, issued when the person is added'),
  })
  .refine(({ roles, network }) => roles.includes('operator') === Network.safeParse(network).success, {
    path: ['network'],
    message: 'an operator has a network, others have none',
  })
  .refine(
    ({ roles, network }) => roles.includes('integrator') === IntegratorParty.safeParse(network).success,
    {
      path: ['network'],
      message: 'an integrator has a party integrator:<name>, others have none',
    },
  )
  .meta({ id: 'PersonTerms' });
export type PersonTerms = z.infer<typeof PersonTerms>;

export const KeyTerms = z
  .object({
    name: freeText(100).describe('Purpose of the key, so that people can distinguish keys'),
    role: z
      .enum(ROLES)
      .optional()
      .describe(
        'One of the roles of the person; default: the first. An admin can also have a key with role auditor',
      ),
    days: KeyDays,
    sha256: KeyHash,
  })
  .meta({ id: 'KeyTerms' });
export type KeyTerms = z.infer<typeof KeyTerms>;

export const PersonView = z
  .object({
    id: z.uuid(),
    name: z.string().max(300),
    mail: z.string().max(300),
    roles: z.array(z.enum(ROLES)).max(ROLES.length),
    network: z.string().max(60).nullable(),
    createdAt: z.iso.datetime(),
    createdBy: z
      .uuid()
      .nullable()
      .describe('Id of the key that proposed the person; null: a person of the settings'),
    approvedBy: z.uuid().nullable().describe('Id of the key of the person who approved'),
    disabledAt: z.iso.datetime().nullable(),
    version: z.int(),
  })
  .meta({ id: 'Person' });
export type PersonView = z.infer<typeof PersonView>;

export const ListedPersonView = PersonView.extend({
  hasSecondFactor: z
    .boolean()
    .nullable()
    .describe('null: for those who may not reset second factors, to whom it is not shown'),
}).meta({ id: 'ListedPerson' });
export type ListedPersonView = z.infer<typeof ListedPersonView>;

export const KeyView = z
  .object({
    id: z.uuid(),
    name: z.string().max(300),
    role: z.enum(ROLES),
    network: z.string().max(60).nullable(),
    person: z.uuid().describe('Id of the owner'),
    prefix: z.string().max(100).describe('First characters of the key; after a # those of its hash'),
    reason: z.string().max(4000).describe('Reason for which it was issued'),
    createdAt: z.iso.datetime(),
    createdBy: z
      .uuid()
      .nullable()
      .describe('Id of the key with which it was issued; null: a key of the settings'),
    approvedBy: z.uuid().nullable().describe('Id of the key of the person who approved'),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .describe('Time of expiry; null: a key of the settings, which does not expire'),
    lastUsedAt: z.iso.datetime().nullable().describe('Time of the last use, with an accuracy of one minute'),
  })
  .meta({ id: 'Key' });
export type KeyView = z.infer<typeof KeyView>;

export function personView(row: PersonRow): PersonView {
  const { id, name, mail, roles, network, createdBy, approvedBy, version } = row;
  return {
    id,
    name,
    mail,
    roles,
    network,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    approvedBy,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    version,
  };
}

export function keyView(row: ApiKeyRow): KeyView {
  const { id, name, role, network, personId: person, prefix, reason, createdBy, approvedBy } = row;
  return {
    id,
    name,
    role,
    network,
    person,
    prefix,
    reason,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    approvedBy,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
