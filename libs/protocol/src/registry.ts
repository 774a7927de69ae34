/** The registry: what the switch knows of members, agreements and routes, published by the console. */
import { z } from 'zod';
import { Address, Network } from './address.js';
import { Capabilities } from './capabilities.js';
import { TRAFFIC_CLASSES, type TrafficClass } from './traffic-class.js';

/** How far a network has come. Only `live` and `leaving` ones exchange anything. */
export const MEMBER_STATES = ['applied', 'approved', 'live', 'suspended', 'leaving', 'gone'] as const;
export const MemberState = z.enum(MEMBER_STATES).meta({ id: 'MemberState' });
export type MemberState = z.infer<typeof MemberState>;

/** What its adapter has proved. One that is not `certified` reaches test networks only. */
export const ADAPTER_STATES = ['draft', 'sandbox', 'certified', 'expired', 'revoked'] as const;
export const AdapterState = z.enum(ADAPTER_STATES).meta({ id: 'AdapterState' });
export type AdapterState = z.infer<typeof AdapterState>;

/** How much of it: one-to-one; groups and media; call invitations. Each includes those before. */
export const CERTIFICATION_LEVELS = ['L1', 'L2', 'L3'] as const;
export const CertificationLevel = z.enum(CERTIFICATION_LEVELS).meta({ id: 'CertificationLevel' });
export type CertificationLevel = z.infer<typeof CertificationLevel>;

/** How a network's complaints weigh on it. */
export const RISK_LEVELS = ['normal', 'warned', 'throttled', 'suspended'] as const;
export const RiskLevel = z.enum(RISK_LEVELS).meta({ id: 'RiskLevel' });
export type RiskLevel = z.infer<typeof RiskLevel>;

/** What is kept for a network while it is signed off or unreachable. */
export const StandIn = z
  .object({
    hours: z.number().min(0).max(48).default(48).describe('How long; 0: never, code 91 at once'),
    messages: z.int().min(0).max(10_000_000).default(100_000).describe('How many at most; beyond, code 91'),
    classes: z
      .array(z.enum(TRAFFIC_CLASSES))
      .max(TRAFFIC_CLASSES.length)
      .optional()
      .describe('Of what; absent: of everything. Anything else gets code 91 at once'),
  })
  .meta({ id: 'StandIn' });
export type StandIn = z.infer<typeof StandIn>;

/** A network may have so many limited pairs at most: the registry's entry of a member is bounded. */
export const LIMITED_TOWARDS_MAX = 1000;

export const Member = z
  .object({
    network: Network,
    name: z.string().max(200),
    status: MemberState,
    adapter: AdapterState.optional().describe('Absent: certified'),
    level: CertificationLevel.optional().describe('How far its certificate goes. Absent: all the way'),
    test: z.boolean().optional().describe('A test network: whoever is not certified yet reaches it'),
    leavesAt: z.iso.datetime().max(40).optional().describe('From then on its users get code 15'),
    standIn: StandIn.optional().describe('Absent: 48 hours, 100,000 messages'),
    risk: RiskLevel.optional().describe('Absent: normal'),
    limitedTowards: z
      .array(Network)
      .max(LIMITED_TOWARDS_MAX)
      .optional()
      .describe('Networks whose people complained too much: messages to them are throttled. Absent: none'),
    capabilities: Capabilities.optional(),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

export const ANY_NETWORK = '*';
const Party = z.union([Network, z.literal(ANY_NETWORK)]);

export const Limits = z
  .object({
    perSecond: z.number().positive().max(1_000_000).optional().describe('Messages a second, of the pair'),
    perSenderPerMinute: z
      .number()
      .positive()
      .max(1_000_000)
      .optional()
      .describe('Messages a minute, of one sender'),
    newContactsPerDay: z
      .int()
      .positive()
      .optional()
      .describe('People whom one sender writes to for the first time, a day'),
  })
  .meta({ id: 'Limits' });
export type Limits = z.infer<typeof Limits>;

/** What an ordered pair of networks allows each other. `*` stands for all that have no agreement of their own. */
export const Agreement = z
  .object({
    id: z.string().max(64),
    from: Party,
    to: Party,
    classes: z.array(z.enum(TRAFFIC_CLASSES)).max(TRAFFIC_CLASSES.length),
    limits: Limits.optional(),
    validFrom: z.iso.datetime().max(40),
    validTo: z.iso.datetime().max(40).optional(),
  })
  .meta({ id: 'Agreement' });
export type Agreement = z.infer<typeof Agreement>;

/** `anchor`: every pair has the anchor as one end. `mesh`: any pair that has agreed. */
export const Phase = z
  .discriminatedUnion('phase', [
    z.object({ phase: z.literal('mesh') }),
    z.object({ phase: z.literal('anchor'), anchor: Network }),
  ])
  .meta({ id: 'Phase' });
export type Phase = z.infer<typeof Phase>;

export const Route = z
  .object({
    kind: z
      .enum(['domain', 'prefix', 'sms'])
      .describe(
        'domain: another name of a network; prefix: E.164 numbers that are its own, digits only; sms: E.164 numbers to which it sends SMS',
      ),
    key: z.string().min(1).max(100),
    network: Network,
  })
  .meta({ id: 'Route' });
export type Route = z.infer<typeof Route>;

export const Blocked = z
  .object({
    address: Address,
    network: Network.optional().describe('Who does not hear him; absent: nobody does'),
  })
  .meta({ id: 'Blocked' });
export type Blocked = z.infer<typeof Blocked>;

/** What the registry says, without a version. */
export interface RegistryLists {
  members: Member[];
  phase: Phase;
  agreements: Agreement[];
  routes: Route[];
  /** Subscribers whom the switch does not let through. */
  blocked: Blocked[];
}

/** The registry as assembled from its entries on the bus (registry-entries.ts). */
export interface Registry extends RegistryLists {
  /** Of the newest entry; -1: there is none. */
  version: number;
}

/** May anything go from it, or to it? `leaving` lasts until its date. */
export function takesPart({ status, leavesAt }: Member, now: Date): boolean {
  if (status === 'live') return true;
  return status === 'leaving' && (leavesAt === undefined || now < new Date(leavesAt));
}

const LEVEL_FOR: Record<TrafficClass, CertificationLevel> = {
  message: 'L1',
  contact: 'L1',
  sms: 'L1',
  media: 'L2',
  group: 'L2',
  call: 'L3',
};

/** Does its certificate go as far as this class? Test networks need none. */
export function isCertifiedFor({ test, level = 'L3' }: Member, wanted: TrafficClass): boolean {
  return test === true || level >= LEVEL_FOR[wanted];
}

export function isCertified({ adapter = 'certified' }: Member): boolean {
  return adapter === 'certified';
}
