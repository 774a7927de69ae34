/** Changes as data: what one admin proposes and another approves before it is applied. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Address, ANY_NETWORK, E164, Limits, Network, Phase, TRAFFIC_CLASSES } from '#protocol';
import { RiskChange } from '../abuse/risk-changes.js';
import { Review, Ruling } from '../disputes/disputes.dto.js';
import { At } from '../http/dates.js';
import { Reason } from '../http/free-text.js';
import { GOVERNED } from '../people/governed-changes.js';
import { BusinessDate, Resolution } from '../settlement/settlement.dto.js';
import { NetworkOrAny, PairTariffTerms, TariffTerms } from './tariff-terms.js';

export const AgreementTerms = z
  .object({
    from: NetworkOrAny,
    to: NetworkOrAny,
    classes: z.array(z.enum(TRAFFIC_CLASSES)).min(1).max(TRAFFIC_CLASSES.length),
    limits: Limits.optional(),
    validFrom: At,
    validTo: At.optional(),
  })
  .refine(({ validFrom, validTo }) => !validTo || new Date(validFrom) < new Date(validTo), {
    path: ['validTo'],
    message: 'must be after validFrom',
  })
  .refine(({ from, to }) => from === ANY_NETWORK || from !== to, {
    path: ['to'],
    message: 'a network needs no agreement with itself',
  })
  .meta({
    id: 'AgreementTerms',
    examples: [
      {
        from: 'fetion',
        to: 'wechat',
        classes: ['message', 'media'],
        limits: { perSecond: 200, perSenderPerMinute: 30, newContactsPerDay: 20 },
        validFrom: '2026-12-01T00:00:00+08:00',
      },
    ],
  });
export type AgreementTerms = z.infer<typeof AgreementTerms>;

export const RouteTerms = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z
        .enum(['prefix', 'rcs', 'sms', 'voice'])
        .describe(
          'prefix: telephone numbers of the network; rcs, sms, voice: telephone numbers to which it sends 5G messages or SMS, or which it calls',
        ),
      key: z.string().regex(/^[1-9]\d{0,14}$/, 'expected the digits of an E.164 prefix, without the plus'),
      network: Network,
    }),
    z.object({
      kind: z.literal('domain'),
      key: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'expected a domain in lower case'),
      network: Network,
    }),
  ])
  .meta({ id: 'RouteTerms', examples: [{ kind: 'prefix', key: '86139', network: 'fetion' }] });
export type RouteTerms = z.infer<typeof RouteTerms>;

export const PortedTerms = z
  .object({
    number: E164,
    network: Network.optional().describe(
      'Network that now has the number; the subscriber has the number as native id there',
    ),
    address: Address.max(1000)
      .optional()
      .describe('Address of the owner, for networks whose ids are no telephone numbers'),
  })
  .refine(({ network, address }) => (network === undefined) !== (address === undefined), {
    path: ['network'],
    message: 'give the network, or the address',
  })
  .meta({ id: 'PortedTerms', examples: [{ number: '+8613900000001', network: 'yixin' }] });
export type PortedTerms = z.infer<typeof PortedTerms>;

const Id = z.uuid();
const Version = z.int().positive();

/** Changes of agreements, routes, tariffs and the phase. */
export const ExchangeChange = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('agreement.add'), terms: AgreementTerms }),
    z.object({ kind: z.literal('agreement.replace'), id: Id, version: Version, terms: AgreementTerms }),
    z.object({ kind: z.literal('agreement.end'), id: Id, version: Version }),
    z.object({ kind: z.literal('tariff.add'), terms: TariffTerms }),
    z.object({ kind: z.literal('tariff.pair'), terms: PairTariffTerms }),
    z.object({ kind: z.literal('route.set'), terms: RouteTerms }),
    z.object({ kind: z.literal('route.remove'), terms: RouteTerms }),
    z.object({ kind: z.literal('number.port'), terms: PortedTerms }),
    z.object({ kind: z.literal('number.restore'), number: E164 }),
    z.object({
      kind: z.literal('phase.set'),
      version: z.int().min(0).describe('Version that was read; 0: no phase was set yet'),
      terms: Phase,
    }),
  ])
  .meta({ id: 'ExchangeChange' });
export type ExchangeChange = z.infer<typeof ExchangeChange>;

/** Changes of a membership by two admins: suspend until further notice, enable, remove, or leave early. */
export const MembershipChange = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('network.suspend'), network: Network }),
    z.object({ kind: z.literal('network.enable'), network: Network }),
    z.object({ kind: z.literal('network.remove'), network: Network }),
    z.object({
      kind: z.literal('network.leave'),
      network: Network,
      at: At.describe(
        'Date of the departure; can be within the notice period, because the network confirms it',
      ),
    }),
  ])
  .meta({ id: 'MembershipChange' });
export type MembershipChange = z.infer<typeof MembershipChange>;

/** All changes: exchange and membership, rulings about money, and changes that no admin makes alone. */
export const ProposedChange = z
  .discriminatedUnion('kind', [
    ...ExchangeChange.options,
    ...MembershipChange.options,
    ...RiskChange.options,
    z.object({
      kind: z.literal('difference.resolve'),
      date: BusinessDate,
      id: Id,
      version: Version,
      terms: Resolution,
    }),
    z.object({ kind: z.literal('dispute.rule'), id: Id, version: Version, terms: Ruling }),
    z.object({ kind: z.literal('dispute.review'), id: Id, version: Version, terms: Review }),
    ...GOVERNED,
  ])
  .meta({ id: 'ProposedChange' });
export type ProposedChange = z.infer<typeof ProposedChange>;

/** `approved`: two admins agree, and confirmations of members are missing. `applied`: in force. */
export const CHANGE_STATES = ['proposed', 'approved', 'applied', 'rejected', 'declined', 'expired'] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];
export const CONFIRMATION_STATES = ['awaited', 'confirmed', 'declined'] as const;
export const ChangeConfirmation = z
  .object({
    network: Network,
    state: z.enum(CONFIRMATION_STATES),
    confirmedBy: z
      .uuid()
      .nullable()
      .describe('Key of the operator; null: not confirmed yet, or confirmed by a rule'),
    rule: z.uuid().nullable().describe('Acceptance rule that confirmed it'),
    reason: z.string().max(4000).nullable(),
    at: z.string().max(40).nullable(),
  })
  .meta({ id: 'ChangeConfirmation' });
export type ChangeConfirmation = z.infer<typeof ChangeConfirmation>;

const PersonName = z
  .object({ id: z.uuid(), name: z.string().max(300) })
  .meta({ id: 'PersonName', description: 'A person of the console' });

export const ChangeView = z
  .object({
    id: z.uuid(),
    change: ProposedChange,
    reason: z.string().max(4000),
    state: z.enum(CHANGE_STATES),
    proposedBy: z.string().max(300).describe('Key with which it was proposed'),
    proposer: PersonName.nullable().describe('Owner of that key, who cannot approve the change'),
    proposedAt: z.string().max(40),
    expiresAt: z.string().max(40).describe('Time at which the change expires if it is not applied'),
    decidedBy: z.string().max(300).nullable().describe('Key of the admin who approved or rejected it'),
    decider: PersonName.nullable().describe('Owner of that key'),
    decidedAt: z.string().max(40).nullable(),
    endedAt: z
      .string()
      .max(40)
      .nullable()
      .describe('Time at which it was applied, rejected, declined, or expired'),
    confirmations: z
      .array(ChangeConfirmation)
      .max(10_000)
      .describe('Confirmation of each network that the change binds'),
  })
  .meta({ id: 'Change' });
export type ChangeView = z.infer<typeof ChangeView>;

export const Reasoned = z
  .object({ reason: Reason })
  .meta({ id: 'Reasoned', examples: [{ reason: 'asked for by its operator' }] });
export type Reasoned = z.infer<typeof Reasoned>;

/** Answer 202: another person has to approve the change. */
export function proposed(reply: FastifyReply, change: ChangeView): ChangeView {
  reply.status(202);
  return change;
}
