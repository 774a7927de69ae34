/** Control messages (request/reply) between adapters, switch and console. */
import { z } from 'zod';
import { Address, Network } from './address.js';
import { Capabilities } from './capabilities.js';
import { ExternalPart } from './content.js';
import { Party } from './events.js';
import { IdFolding } from './folding.js';
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

export const ControlReply = z
  .object({
    code: ResultCode,
    detail: Detail.optional(),
    peers: z.array(Network).max(1000).optional().describe('The other networks that are live'),
    ids: z
      .array(PeerIds)
      .max(1000)
      .optional()
      .describe('Id rules of the other networks, for each that declares one'),
    instances: z
      .array(z.string().max(100))
      .max(100)
      .optional()
      .describe(
        'Present for a process with sharesPartitions: the processes that share the partitions and are connected to the network, in the same order for all. Partition p belongs to process number p modulo their count',
      ),
    durable: z
      .boolean()
      .optional()
      .describe(
        'Present with code 00. false: the bus acknowledges messages before they are on disk; the adapter must then not accept native messages',
      ),
  })
  .meta({ id: 'ControlReply' });
export type ControlReply = z.infer<typeof ControlReply>;

export const ResolveRequest = z.object({ address: Address, from: Address.optional() }).meta({
  id: 'ResolveRequest',
  description:
    'Asks whether a subscriber exists and what their name is. For a telephone number (`…@tel`): asks for the address behind it, if its owner can be reached',
});
export type ResolveRequest = z.infer<typeof ResolveRequest>;

export const ResolveReply = z
  .object({ code: ResultCode, party: Party.optional(), detail: Detail.optional() })
  .meta({ id: 'ResolveReply' });
export type ResolveReply = z.infer<typeof ResolveReply>;

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

export const DirectoryReply = z
  .object({ code: ResultCode, entry: DirectoryEntry.optional(), detail: Detail.optional() })
  .meta({ id: 'DirectoryReply' });
export type DirectoryReply = z.infer<typeof DirectoryReply>;

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

export const LinkReply = z
  .object({ code: ResultCode, url: z.string().max(4000).optional(), detail: Detail.optional() })
  .meta({ id: 'LinkReply', description: 'Without `url` the hub makes no links' });
export type LinkReply = z.infer<typeof LinkReply>;

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
      'hub.control.media.<network>: the reply is the sealed block as it was stored, with the header Hutong-Code (00; 36 without a valid grant; 107 if it does not exist; 65 if too many requests are concurrent) and, with 00, Hutong-Stored-At',
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

export const RenewReply = z
  .object({
    code: ResultCode,
    jwt: z.string().max(4000).optional(),
    expiresAt: z.iso.datetime().max(40).optional(),
    detail: z.string().max(1000).optional(),
  })
  .meta({ id: 'RenewReply' });
export type RenewReply = z.infer<typeof RenewReply>;
