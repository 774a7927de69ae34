/** What pages show that an entry of the audit log changes. Pure. */
import type { Permission } from '../access/permissions.js';

/** Each with the permission of those who may know that it changed. */
export const TOPICS = {
  networks: 'networks:read',
  agreements: 'agreements:read',
  changes: 'changes:read',
  'dead-letters': 'dead-letters:read',
  'business-days': 'clearing:read',
  payments: 'payments:read',
  disputes: 'disputes:read',
  risk: 'abuse:read',
  people: 'people:read',
  keys: 'keys:read',
  subscribers: 'subscribers:read',
  certifications: 'certifications:read',
  audit: 'audit:read',
} as const satisfies Record<string, Permission>;
export type Topic = keyof typeof TOPICS;
export const TOPIC_NAMES = Object.keys(TOPICS) as Topic[];

/** By the kind of an action, which stands before its first full stop. */
export const TOPICS_OF_KIND: Record<string, readonly Topic[]> = {
  network: ['networks', 'risk'],
  'stand-in': ['networks'],
  adapter: ['networks', 'certifications'],
  operator: ['networks'],
  credentials: ['networks'],
  agreement: ['agreements'],
  tariff: ['agreements'],
  route: ['agreements'],
  phase: ['agreements'],
  'acceptance-rule': ['agreements'],
  'dead-letter': ['dead-letters'],
  day: ['business-days'],
  'business-day': ['business-days'],
  difference: ['business-days'],
  adjustment: ['business-days'],
  payment: ['payments'],
  dispute: ['disputes'],
  'abuse-report': ['risk'],
  address: ['risk'],
  // Disabling a person revokes their keys, as do roles that they lose.
  person: ['people', 'keys'],
  key: ['keys'],
  session: ['people'],
  consent: ['subscribers'],
  link: ['subscribers'],
  addresses: ['subscribers'],
  certification: ['certifications'],
};

/** Entries about a look at something: nothing but the audit log has changed. */
const LOOKS = new Set(['read', 'used', 'denied']);
/** A step of a change that needs two people: `agreement.add proposed`. */
const STEP_OF_CHANGE = / (proposed|approved|confirmed|applied|rejected|declined|expired)$/;

/** @param action of an audit entry, `<kind>.<verb>` */
export function topicsOf(action: string): Topic[] {
  const [kind = '', verb = ''] = action.split('.');
  const shown = LOOKS.has(verb) ? [] : (TOPICS_OF_KIND[kind] ?? []);
  return [...shown, ...(STEP_OF_CHANGE.test(action) ? (['changes'] as const) : []), 'audit'];
}
