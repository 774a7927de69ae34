/** Bodies and answers of requests on the bus between adapters, switch, console and clearing. `requests.ts` has the subjects. */
import { z } from 'zod';
import { Address, Network } from './address.js';
import { Capabilities } from './capabilities.js';
import { ExternalPart } from './content.js';
import { Party } from './events.js';
import { IdFolding } from './folding.js';
import { MOST_IGNORED } from './ignored-fields.js';
import { EventId } from './ids.js';
import { MediaGrant, MediaUrl } from './attachments.js';
import { E164 } from './telephone-numbers.js';
import { MAX_DETAIL_LENGTH, ResultCode } from './results.js';

/** For operators. `HubError` cuts its detail to this length. */
const Detail = z.string().max(MAX_DETAIL_LENGTH);

/** Maximum number of addresses linked with one telephone number. */
export const MOST_LINKS = 100;

export const SignOn = z
  .object({
    network: Network,
    instance: z.string().max(100).describe('Unique id of the adapter process'),
    build: z.string().max(100).describe('Version of the adapter software'),
    capabilities: Capabilities,
    nativeConnected: z.boolean().describe('true: the adapter is connected to its native network'),
    sharesPartitions: z
      .boolean()
      .optional()
      .describe(
        'true: this process reads the consumers adapter-<network>_0 to _7, one for each partition, and shares them with the other processes of the adapter. Absent: it reads adapter-<network>',
      ),
  })
  .meta({
    id: 'SignOn',
    description: 'hub.control.signon.<network> and, with the same body, hub.control.heartbeat.<network>',
  });
export type SignOn = z.infer<typeof SignOn>;

export const SignOff = z.object({ network: Network, instance: z.string().max(100) }).meta({ id: 'SignOff' });
export type SignOff = z.infer<typeof SignOff>;

/** Id rule of one network. */
export const PeerIds = z.object({ network: Network, ...IdFolding.shape }).meta({ id: 'PeerIds' });
export type PeerIds = z.infer<typeof PeerIds>;

const FailedEvent = z.object({
  code: ResultCode,
  text: Detail.describe('What is wrong and what to do'),
  event: z.string().max(64).optional().describe('Id of the event. Absent: it could not be read'),
  at: z.iso.datetime().max(40),
});

const FailureCount = z.object({
  count: z.int().nonnegative(),
  last: FailedEvent.optional().describe('The newest one. Absent: there is none'),
});

/** What failed of the events that a network published. */
export const EventFailures = z
  .object({
    since: z.iso
      .datetime()
      .max(40)
      .describe('Since when it is counted: the sign-on, or a later start of the console that replies'),
    refused: FailureCount.describe('Events that the switch refused, or that expired at the switch'),
    deadLettered: FailureCount.describe(
      'Events that became dead letters, by the switch or by the adapter itself (GET /v1/dead-letters)',
    ),
  })
  .meta({ id: 'EventFailures', description: 'Events of the network that failed since its sign-on' });
export type EventFailures = z.infer<typeof EventFailures>;

export const SignOnAnswer = z
  .object({
    code: z.literal('00'),
    peers: z.array(Network).max(1000).describe('The other networks that are live'),
    ids: z.array(PeerIds).max(1000).describe('Id rules of the other networks, for each that declares one'),
    instances: z
      .array(z.string().max(100))
      .max(100)
      .optional()
      .describe(
        'Present for a process with sharesPartitions: the processes that share the partitions and are connected to the network, in the same order for all. Partition p belongs to process number p modulo their count',
      ),
    durable: z
      .boolean()
      .describe(
        'false: the bus acknowledges messages before they are on disk; the adapter must then not accept native messages',
      ),
    failures: EventFailures.optional().describe('Absent: the hub does not count'),
    ignored: z
      .array(z.string().max(200))
      .max(MOST_IGNORED)
      .optional()
      .describe(
        'Paths of fields of the body that the hub does not know and left out, such as capabilities.limits.textLenght: misspelt, or of another version. Absent: none',
      ),
  })
  .meta({ id: 'SignOnAnswer', description: 'Answer to a sign-on and to every heartbeat' });
export type SignOnAnswer = z.infer<typeof SignOnAnswer>;

export const SignOffAnswer = z.object({ code: z.literal('00') }).meta({ id: 'SignOffAnswer' });
export type SignOffAnswer = z.infer<typeof SignOffAnswer>;

export const ResolveRequest = z.object({ address: Address, from: Address.optional() }).meta({
  id: 'ResolveRequest',
  description:
    'Asks whether a subscriber exists and what their name is. For a telephone number (`…@tel`): asks for the address behind it, if its owner can be reached',
});
export type ResolveRequest = z.infer<typeof ResolveRequest>;

export const ResolveAnswer = z
  .object({
    code: z
      .enum(['00', '14'])
      .describe('00: the subscriber exists, or the network does not say; 14: nobody is found'),
    party: Party.optional().describe('With code 00. Absent: the network does not say who it is'),
  })
  .meta({ id: 'ResolveAnswer' });
export type ResolveAnswer = z.infer<typeof ResolveAnswer>;

/** Result of a look-up inside an adapter: an answer, or the code and the reason why there is none. */
export interface ResolveReply {
  code: ResultCode;
  party?: Party | undefined;
  detail?: string | undefined;
}

export const PairRequest = z
  .object({
    act: z
      .enum(['begin', 'show', 'enter'])
      .describe('begin: a new pairing; show: how one stands; enter: digits for one'),
    id: z.string().max(64).optional().describe('A pairing that was begun. Absent only with `begin`'),
    code: z
      .string()
      .regex(/^\d{1,12}$/)
      .optional()
      .describe('Digits that the client of the person shows, in state `code-needed`'),
  })
  .meta({
    id: 'PairRequest',
    description:
      'hub.ask.pair: a person gets a contact of their own through which they reach everybody, by scanning a QR code',
  });
export type PairRequest = z.infer<typeof PairRequest>;

export const PAIRING_STATES = ['waiting', 'scanned', 'code-needed', 'paired', 'known', 'ended'] as const;
export const PairAnswer = z
  .object({
    id: z.string().max(64),
    state: z
      .enum(PAIRING_STATES)
      .describe(
        'waiting: nobody scanned the code yet; scanned: the person has to confirm; code-needed: their client shows digits; paired; known: the person had a contact of this hub and keeps it; ended: expired, or refused',
      ),
    show: z
      .string()
      .max(2000)
      .optional()
      .describe('Text of the QR code. It may change while the state is `waiting`'),
    address: Address.optional().describe('Who was paired'),
  })
  .meta({ id: 'PairAnswer' });
export type PairAnswer = z.infer<typeof PairAnswer>;

export const DirectoryRequest = z.object({ number: E164 }).meta({
  id: 'DirectoryRequest',
  description: 'hub.control.directory: sent by the switch, answered by the console',
});
export type DirectoryRequest = z.infer<typeof DirectoryRequest>;

export const DirectoryEntry = z
  .object({
    ported: z
      .object({ network: Network, address: Address.optional() })
      .optional()
      .describe('Network to which the number was ported; it has priority over prefix routes'),
    links: z
      .array(Address)
      .max(MOST_LINKS)
      .describe(
        'Verified addresses of the owner of the number, if they can be found by it; the preferred one first',
      ),
  })
  .meta({ id: 'DirectoryEntry' });
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;

export const DirectoryAnswer = z
  .object({ code: z.literal('00'), entry: DirectoryEntry })
  .meta({ id: 'DirectoryAnswer' });
export type DirectoryAnswer = z.infer<typeof DirectoryAnswer>;

export const DirectoryChange = z.object({ number: E164 }).meta({
  id: 'DirectoryChange',
  description: 'hub.directory.changed: cached answers about this number are out of date',
});
export type DirectoryChange = z.infer<typeof DirectoryChange>;

export const DeadLetter = z
  .object({
    subject: z.string().max(300).describe('Subject on which the original was published'),
    seq: z.int().positive().describe('Sequence number of the original in its stream'),
    reason: ResultCode,
    detail: Detail,
    network: Network,
    eventId: z.string().max(4000).optional(),
    attempts: z.int().nonnegative(),
    at: z.iso.datetime().max(40),
    size: z.int().nonnegative().describe('Size of the original, bytes'),
    payload: z
      .string()
      .max(1_000_000)
      .describe('The first 512 KiB of the original, base64. More does not fit into one message of the bus'),
  })
  .meta({ id: 'DeadLetter', description: 'hub.dead.<network>' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const LinkRequest = z
  .object({
    event: EventId,
    part: ExternalPart,
  })
  .meta({
    id: 'LinkRequest',
    description: 'Request for a link to an attachment, for a network that cannot show attachments',
  });
export type LinkRequest = z.infer<typeof LinkRequest>;

export const LinkAnswer = z
  .object({ code: z.literal('00'), url: z.string().max(4000).optional() })
  .meta({ id: 'LinkAnswer', description: 'Without `url` the hub makes no links' });
export type LinkAnswer = z.infer<typeof LinkAnswer>;

export const MediaRequest = z
  .object({
    url: MediaUrl,
    grant: MediaGrant.optional().describe(
      'Grant from the event; not needed for an object of the own network',
    ),
    part: z
      .union([z.int().min(0).max(1_000_000), z.literal('info')])
      .describe('Number of the block, or `info`: size and number of blocks'),
  })
  .meta({
    id: 'MediaRequest',
    description:
      'hub.control.media.<network>: the reply is the sealed block as it was stored, with the header Hutong-Code 00 and Hutong-Stored-At. With another code in Hutong-Code the reply is a RequestError in JSON: 36 without a valid grant; 107 if it does not exist; 65 if too many requests are concurrent',
  });
export type MediaRequest = z.infer<typeof MediaRequest>;

export const MEDIA_REPLY = { code: 'Hutong-Code', storedAt: 'Hutong-Stored-At' } as const;

const UserKey = z.string().regex(/^U[A-Z2-7]{55}$/);
export const RenewRequest = z
  .object({
    current: UserKey.describe('Public key of the credential in use'),
    next: UserKey.describe('Public key of a key pair that the adapter made; the private key stays with it'),
  })
  .meta({
    id: 'RenewRequest',
    description:
      'hub.control.renew.<network>: requests a user JWT for a new key pair before the present one expires. The present one stays valid until it expires',
  });
export type RenewRequest = z.infer<typeof RenewRequest>;

export const RenewAnswer = z
  .object({
    code: z.literal('00'),
    jwt: z.string().max(4000).describe('User JWT for the key `next`'),
    expiresAt: z.iso.datetime().max(40),
  })
  .meta({ id: 'RenewAnswer' });
export type RenewAnswer = z.infer<typeof RenewAnswer>;

export const CloseDayRequest = z
  .object({
    date: z.iso.date().max(10).describe('The business day'),
    force: z
      .boolean()
      .default(false)
      .describe('Close the day although it is not over; records that come later belong to the next day'),
  })
  .meta({
    id: 'CloseDayRequest',
    description: 'hub.clearing.close: sent by the console, answered by clearing',
  });
export type CloseDayRequest = z.infer<typeof CloseDayRequest>;

export const CloseDayAnswer = z
  .object({
    code: z.enum(['00', '94']).describe('00: closed now; 94: closed before, and nothing changed'),
    date: z.iso.date().max(10),
    records: z.int().nonnegative().describe('Detail records of the day'),
    netSum: z.string().max(100).describe('Sum of all positions, in yuan'),
  })
  .meta({ id: 'CloseDayAnswer' });
export type CloseDayAnswer = z.infer<typeof CloseDayAnswer>;
