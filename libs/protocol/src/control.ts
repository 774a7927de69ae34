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

/** For operators; `HubError` keeps within it. */
const Detail = z.string().max(MAX_DETAIL_LENGTH);

/** Of one number: the addresses of one person. */
export const MOST_LINKS = 100;

export const SignOn = z
  .object({
    network: Network,
    instance: z.string().max(100).describe('Unique per process'),
    build: z.string().max(100),
    capabilities: Capabilities,
    nativeConnected: z.boolean().describe('Is the connection to the native network up?'),
  })
  .meta({
    id: 'SignOn',
    description: 'hub.control.signon.<network> and, with the same body, hub.control.heartbeat.<network>',
  });
export type SignOn = z.infer<typeof SignOn>;

export const SignOff = z.object({ network: Network, instance: z.string().max(100) }).meta({ id: 'SignOff' });
export type SignOff = z.infer<typeof SignOff>;

/** How the ids of one network fold. */
export const PeerIds = z.object({ network: Network, ...IdFolding.shape }).meta({ id: 'PeerIds' });
export type PeerIds = z.infer<typeof PeerIds>;

export const ControlReply = z
  .object({
    code: ResultCode,
    detail: Detail.optional(),
    peers: z.array(Network).max(1000).optional().describe('The other live networks'),
    ids: z
      .array(PeerIds)
      .max(1000)
      .optional()
      .describe('How the ids of other networks fold, for each that declares it'),
    durable: z
      .boolean()
      .optional()
      .describe(
        'Given with code 00. false: the bus acknowledges messages before they are on disk; an adapter must not accept native messages then',
      ),
  })
  .meta({ id: 'ControlReply' });
export type ControlReply = z.infer<typeof ControlReply>;

export const ResolveRequest = z.object({ address: Address, from: Address.optional() }).meta({
  id: 'ResolveRequest',
  description:
    'Does this subscriber exist, and how is he called? Of a number (`…@tel`): which address, if its owner can be reached',
});
export type ResolveRequest = z.infer<typeof ResolveRequest>;

export const ResolveReply = z
  .object({ code: ResultCode, party: Party.optional(), detail: Detail.optional() })
  .meta({ id: 'ResolveReply' });
export type ResolveReply = z.infer<typeof ResolveReply>;

export const DirectoryRequest = z
  .object({ number: E164 })
  .meta({ id: 'DirectoryRequest', description: 'hub.control.directory, of the switch to the console' });
export type DirectoryRequest = z.infer<typeof DirectoryRequest>;

export const DirectoryEntry = z
  .object({
    ported: z
      .object({ network: Network, address: Address.optional() })
      .optional()
      .describe('The number moved here, whatever its prefix says'),
    links: z
      .array(Address)
      .max(MOST_LINKS)
      .describe(
        'Verified addresses of whoever has the number and may be found by it; the preferred one first',
      ),
  })
  .meta({ id: 'DirectoryEntry' });
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;

export const DirectoryReply = z
  .object({ code: ResultCode, entry: DirectoryEntry.optional(), detail: Detail.optional() })
  .meta({ id: 'DirectoryReply' });
export type DirectoryReply = z.infer<typeof DirectoryReply>;

export const DirectoryChange = z
  .object({ number: E164 })
  .meta({ id: 'DirectoryChange', description: 'hub.directory.changed: ask again about this number' });
export type DirectoryChange = z.infer<typeof DirectoryChange>;

export const DeadLetter = z
  .object({
    subject: z.string().max(300).describe('where the original was published'),
    seq: z.int().positive().describe('sequence of the original in its stream'),
    reason: ResultCode,
    detail: Detail,
    network: Network,
    eventId: z.string().max(4000).optional(),
    attempts: z.int().nonnegative(),
    at: z.iso.datetime().max(40),
    size: z.int().nonnegative().describe('bytes of the original'),
    payload: z
      .string()
      .max(1_000_000)
      .describe('its first 512 KiB, base64: more does not fit beside the reason'),
  })
  .meta({ id: 'DeadLetter', description: 'hub.dead.<network>' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const LinkRequest = z
  .object({
    event: EventId,
    part: ExternalPart,
  })
  .meta({ id: 'LinkRequest', description: 'A link to a medium, for a network that can only show words' });
export type LinkRequest = z.infer<typeof LinkRequest>;

export const LinkReply = z
  .object({ code: ResultCode, url: z.string().max(4000).optional(), detail: Detail.optional() })
  .meta({ id: 'LinkReply', description: 'No `url`: the hub makes no links' });
export type LinkReply = z.infer<typeof LinkReply>;

export const MediaRequest = z
  .object({
    url: MediaUrl,
    grant: MediaGrant.optional().describe('From the event; not needed for an object of one’s own'),
    part: z
      .union([z.int().min(0).max(1_000_000), z.literal('info')])
      .describe('Number of the block, or `info`: size and number of blocks'),
  })
  .meta({
    id: 'MediaRequest',
    description:
      'hub.control.media.<network>: the reply is the sealed block as it was stored, with the header Hutong-Code (00; 36 without a valid grant; 107 when it is not there; 65 when too many are asked for at once) and, with 00, Hutong-Stored-At',
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
      'hub.control.renew.<network>: a user JWT for a new key pair, before the one in use expires. The old one stays valid until its own end',
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
