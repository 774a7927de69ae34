/** Changes of people, keys, accounts, payments, early closes and the reach of a subscriber, as proposals that need two people. */
import { z } from 'zod';
import { Address, ANY_NETWORK, Consent, E164, Network, networkOf } from '#protocol';
import { BlockTerms } from '../abuse/blocked.service.js';
import { Reason } from '../http/free-text.js';
import { BillingTerms, OperatorId } from '../members/operator.dto.js';
import { BusinessDate } from '../settlement/settlement.dto.js';
import { PaymentTerms } from '../payments/payment.dto.js';
import { KeyTerms, PersonTerms, Roles } from './person.dto.js';

const Id = z.uuid();
const Version = z.int().min(0);
const SubscriberLink = { number: E164, address: Address.max(1000) };

export const GOVERNED = [
  z.object({ kind: z.literal('person.add'), terms: PersonTerms }),
  z.object({
    kind: z.literal('person.roles'),
    id: Id,
    version: Version,
    roles: Roles.refine(
      (roles) => !roles.includes('operator') && !roles.includes('integrator'),
      'who acts for a member or an integrator does nothing else: disable and add them',
    ),
  }),
  z.object({ kind: z.literal('person.disable'), id: Id, version: Version, reason: Reason }),
  z.object({
    kind: z.literal('person.second-factor-reset'),
    id: Id,
    confirmedAt: z.iso.datetime().describe('When the second factor that is reset was set up'),
  }),
  z.object({ kind: z.literal('key.issue'), person: Id, terms: KeyTerms, reason: Reason }),
  z.object({ kind: z.literal('key.revoke'), id: Id, withDerived: z.boolean(), reason: Reason }),
  z.object({ kind: z.literal('day.close'), date: BusinessDate }),
  z.object({ kind: z.literal('payment.record'), date: BusinessDate, terms: PaymentTerms }),
  z.object({ kind: z.literal('operator.billing'), id: OperatorId, version: Version, terms: BillingTerms }),
  z.object({ kind: z.literal('consent.set'), version: Version, terms: Consent }),
  z.object({ kind: z.literal('block.add'), terms: BlockTerms }),
  z.object({
    kind: z.literal('block.remove'),
    id: Id,
    address: Address.max(1000),
    network: Network.nullable(),
  }),
  z.object({ kind: z.literal('link.change'), ...SubscriberLink, findable: z.boolean() }),
  z.object({ kind: z.literal('link.remove'), ...SubscriberLink }),
] as const;
export const GovernedChange = z.discriminatedUnion('kind', GOVERNED).meta({ id: 'GovernedChange' });
export type GovernedChange = z.infer<typeof GovernedChange>;
export type GovernedKind = GovernedChange['kind'];

export const GOVERNED_KINDS: ReadonlySet<string> = new Set(
  GOVERNED.flatMap(({ shape }) => [...shape.kind.values]),
);

/** Subject of the change in the audit log. */
export function subjectOfGoverned(change: GovernedChange): string {
  switch (change.kind) {
    case 'person.add':
      return `person/${change.terms.mail}`;
    case 'person.roles':
    case 'person.disable':
    case 'person.second-factor-reset':
      return `person/${change.id}`;
    case 'key.issue':
      return `person/${change.person}`;
    case 'key.revoke':
      return `key/${change.id}`;
    case 'day.close':
    case 'payment.record':
      return `business-day/${change.date}`;
    case 'operator.billing':
      return `operator/${change.id}`;
    case 'consent.set':
      return `consent/${change.terms.address}`;
    case 'block.add':
      return `blocked/${change.terms.address}`;
    case 'block.remove':
      return `blocked/${change.address}`;
    case 'link.change':
    case 'link.remove':
      return `link/${change.number}`;
  }
}

/** Networks whose operators may read the audit entry. Changes of people and keys name theirs when they are applied. */
export function networksOfGoverned(change: GovernedChange): string[] {
  switch (change.kind) {
    case 'person.add':
      return change.terms.network === undefined ? [] : [change.terms.network];
    case 'consent.set':
      return [networkOf(change.terms.address)];
    case 'link.change':
    case 'link.remove':
      return [networkOf(change.address)];
    case 'block.add':
      return [change.terms.network ?? ANY_NETWORK];
    case 'block.remove':
      return [change.network ?? ANY_NETWORK];
    case 'payment.record':
      return [change.terms.party];
    case 'day.close':
      return [ANY_NETWORK];
    case 'person.roles':
    case 'person.disable':
    case 'person.second-factor-reset':
    case 'key.issue':
    case 'key.revoke':
    case 'operator.billing':
      return [];
  }
}
