/** The registry: members, agreements, routes and blocks, published by the console for the switch. */
import { z } from 'zod';
import { Address, Network } from './address.js';
import { Capabilities } from './capabilities.js';
import { TRAFFIC_CLASSES, type TrafficClass } from './traffic-class.js';

/** State of a membership. Only `live` and `leaving` networks exchange messages. */
export const MEMBER_STATES = ['applied', 'approved', 'live', 'suspended', 'leaving', 'gone'] as const;
export const MemberState = z.enum(MEMBER_STATES).meta({ id: 'MemberState' });
export type MemberState = z.infer<typeof MemberState>;

/** Certification of an adapter. One that is not `certified` exchanges messages with test networks only. */
export const ADAPTER_STATES = ['draft', 'sandbox', 'certified', 'expired', 'revoked'] as const;
export const AdapterState = z.enum(ADAPTER_STATES).meta({ id: 'AdapterState' });
export type AdapterState = z.infer<typeof AdapterState>;

/** L1: one-to-one messages; L2: groups and attachments; L3: call invitations. Each level includes those before it. */
export const CERTIFICATION_LEVELS = ['L1', 'L2', 'L3'] as const;
export const CertificationLevel = z.enum(CERTIFICATION_LEVELS).meta({ id: 'CertificationLevel' });
export type CertificationLevel = z.infer<typeof CertificationLevel>;

/** Measures that follow from complaints about a network. */
export const RISK_LEVELS = ['normal', 'warned', 'throttled', 'suspended'] as const;
export const RiskLevel = z.enum(RISK_LEVELS).meta({ id: 'RiskLevel' });
export type RiskLevel = z.infer<typeof RiskLevel>;

/** What happens to a message that the reply window of its recipient does not allow now (`limits.replyWindowMs`). */
export const CLOSED_WINDOW_POLICIES = ['refuse', 'when-window-opens'] as const;

/** How a new message reaches a telephone number whose network does not take it: as a 5G message, as SMS, or spoken by a call. */
export const LADDER_STEPS = ['rcs', 'sms', 'voice'] as const;
export type LadderStep = (typeof LADDER_STEPS)[number];

/** How long the network of a number, and each step of its ladder, may take for a message while another step comes after, s. */
export const LADDER_SECONDS = { own: 30, rcs: 120, sms: 3600, voice: 300 } as const;

/** Which messages are stored for a network while it is signed off or unreachable, or for a person who must write first. */
export const StandIn = z
  .object({
    hours: z
      .number()
      .min(0)
      .max(48)
      .default(48)
      .describe(
        'Hours for which a message is stored. 0: none is stored, and the sender gets code 91 at once',
      ),
    messages: z
      .int()
      .min(0)
      .max(10_000_000)
      .default(100_000)
      .describe('Maximum number of stored messages; further ones get code 91'),
    classes: z
      .array(z.enum(TRAFFIC_CLASSES))
      .max(TRAFFIC_CLASSES.length)
      .optional()
      .describe('Classes of traffic that are stored; others get code 91 at once. Absent: all'),
    closedWindow: z
      .enum(CLOSED_WINDOW_POLICIES)
      .optional()
      .describe(
        'What happens to a message when the reply window of its recipient is closed, or its quota is used up. refuse: the sender gets code 101 or 102 at once; when-window-opens: the message waits until the recipient writes, at most 48 hours, and then ends with 101. Absent: refuse',
      ),
    ladder: z
      .array(z.enum(LADDER_STEPS))
      .max(LADDER_STEPS.length)
      .refine((steps) => new Set(steps).size === steps.length, 'each step once')
      .optional()
      .describe(
        'Delivery ladder: in which other ways, one after the other, a new message to a telephone number of this network goes that the network does not take. rcs: as 5G message; sms: as SMS; voice: spoken by a call. The next step begins when the network is away, does not know the number, or has not taken the message after 30 seconds, or when the step before has certainly failed; if the recipient lets the sender reach them, and a network that is there has a route of that kind to the number and an agreement with the network of the sender. Absent: none',
      ),
  })
  .meta({ id: 'StandIn' });
export type StandIn = z.infer<typeof StandIn>;

/** Maximum number of networks in `limitedTowards`: the registry entry of a member is bounded. */
export const LIMITED_TOWARDS_MAX = 1000;

export const Member = z
  .object({
    network: Network,
    name: z.string().max(200),
    status: MemberState,
    adapter: AdapterState.optional().describe('Absent: certified'),
    level: CertificationLevel.optional().describe('Level of its certificate. Absent: L3'),
    test: z
      .boolean()
      .optional()
      .describe('true: a test network, which networks without a certificate can reach'),
    leavesAt: z.iso
      .datetime()
      .max(40)
      .optional()
      .describe('Date of the departure; messages to the network then get code 15'),
    standIn: StandIn.optional().describe('Absent: 48 hours, 100,000 messages'),
    risk: RiskLevel.optional().describe('Absent: normal'),
    limitedTowards: z
      .array(Network)
      .max(LIMITED_TOWARDS_MAX)
      .optional()
      .describe(
        'Networks to which messages of this network are throttled, because of complaints of their people. Absent: none',
      ),
    capabilities: Capabilities.optional(),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

export const ANY_NETWORK = '*';
const Party = z.union([Network, z.literal(ANY_NETWORK)]);

export const Limits = z
  .object({
    perSecond: z
      .number()
      .positive()
      .max(1_000_000)
      .optional()
      .describe('Messages per second of the pair of networks'),
    perSenderPerMinute: z
      .number()
      .positive()
      .max(1_000_000)
      .optional()
      .describe('Messages per minute of one sender'),
    newContactsPerDay: z
      .int()
      .positive()
      .optional()
      .describe('People to whom one sender writes for the first time, per day'),
  })
  .meta({ id: 'Limits' });
export type Limits = z.infer<typeof Limits>;

/** What one network may send to another. `*` stands for all networks that have no agreement of their own. */
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

/** `anchor`: one network of every pair is the anchor. `mesh`: any two networks with an agreement. */
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
      .enum(['domain', 'prefix', 'rcs', 'sms', 'voice'])
      .describe(
        'domain: another name of the network; prefix: prefix of E.164 numbers of the network, digits only; rcs: prefix of E.164 numbers to which the network sends 5G messages; sms: prefix of E.164 numbers to which the network sends SMS; voice: prefix of E.164 numbers that the network calls by telephone',
      ),
    key: z.string().min(1).max(100),
    network: Network,
  })
  .meta({ id: 'Route' });
export type Route = z.infer<typeof Route>;

export const Blocked = z
  .object({
    address: Address,
    network: Network.optional().describe(
      'Network that does not accept messages of the address; absent: no network does',
    ),
  })
  .meta({ id: 'Blocked' });
export type Blocked = z.infer<typeof Blocked>;

/** Content of the registry, without a version. */
export interface RegistryLists {
  members: Member[];
  phase: Phase;
  agreements: Agreement[];
  routes: Route[];
  /** Subscribers whose messages the switch refuses. */
  blocked: Blocked[];
}

/** The registry as assembled from its entries on the bus (registry-entries.ts). */
export interface Registry extends RegistryLists {
  /** Version of the newest entry; -1 without entries. */
  version: number;
}

/** Whether the network exchanges messages at present. A network that is leaving does so until its date. */
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

/** Classes of traffic that a certificate of this level covers. */
export function classesCovered(level: CertificationLevel): TrafficClass[] {
  return TRAFFIC_CLASSES.filter((one) => level >= LEVEL_FOR[one]);
}

/** The level that a certificate needs for this class of traffic. */
export function levelFor(wanted: TrafficClass): CertificationLevel {
  return LEVEL_FOR[wanted];
}

/** Whether its certificate covers this class of traffic. Test networks need no certificate. */
export function isCertifiedFor({ test, level = 'L3' }: Member, wanted: TrafficClass): boolean {
  return test === true || level >= LEVEL_FOR[wanted];
}

export function isCertified({ adapter = 'certified' }: Member): boolean {
  return adapter === 'certified';
}
