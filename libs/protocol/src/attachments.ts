/** Attachments by reference: URL in the media store, metadata, and in which form a network accepts them. No I/O. */
import { z } from 'zod';
import type { Network } from './address.js';

/** The only URLs that an event may contain. They are no HTTP URLs, so nobody downloads from an address that a member chose. */
export const MediaUrl = z
  .string()
  .regex(/^hub-media:[a-z][a-z0-9-]{0,30}\/[A-Za-z0-9_-]{43}$/, 'expected hub-media:<network>/<object>')
  .brand<'MediaUrl'>()
  .meta({
    id: 'MediaUrl',
    description: 'URL of an object in the media store: the network that sent it, and its id',
  });
export type MediaUrl = z.infer<typeof MediaUrl>;

/** Proof that the switch sent this object to the network that presents the grant. */
export const MediaGrant = z.base64url().length(43).brand<'MediaGrant'>().meta({
  id: 'MediaGrant',
  description:
    'Allows the destination network to read the attachment. Set by the switch, which replaces any value of the sender',
});
export type MediaGrant = z.infer<typeof MediaGrant>;

export interface MediaPlace {
  network: Network;
  object: string;
  /** Required for an object of another network. */
  grant?: MediaGrant | undefined;
}

export function mediaUrl({ network, object }: MediaPlace): MediaUrl {
  return MediaUrl.parse(`hub-media:${network}/${object}`);
}

export function mediaPlace(url: MediaUrl, grant?: MediaGrant): MediaPlace {
  const [network = '', object = ''] = url.slice('hub-media:'.length).split('/');
  return { network: network as Network, object, ...(grant === undefined ? {} : { grant }) };
}

/** Encryption of the object (draft-ietf-mimi-content, ExternalPart). The key is in the event only. */
export const MediaSeal = z
  .object({ alg: z.literal('aes-256-gcm-blocks'), key: z.base64url().length(43) })
  .meta({
    id: 'MediaSeal',
    description: 'Encryption in blocks of 256 KiB: AES-256-GCM with the number of the block as nonce',
  });
export type MediaSeal = z.infer<typeof MediaSeal>;

/** Maximum size of an avatar, in bytes: avatars are shown small, and a chat has many. */
export const AVATAR_MAX_BYTES = 48 * 1024;
/** Maximum length of the longer side of an avatar, in pixels. */
export const AVATAR_SIDE = 256;

/**
 * Reference to the avatar of a person. Every event of the person contains it, so it is short. The URL is a keyed hash of the
 * picture: another picture has another URL.
 */
export const Avatar = z
  .object({
    url: MediaUrl,
    key: z
      .base64url()
      .length(43)
      .describe('Key that decrypts the blocks of the object, like `seal.key` of an attachment'),
    grant: MediaGrant.optional(),
  })
  .meta({
    id: 'Avatar',
    description: `A JPEG of at most ${AVATAR_SIDE} pixels on a side and ${AVATAR_MAX_BYTES} bytes in the media store, of the person's own network`,
  });
export type Avatar = z.infer<typeof Avatar>;

export const MediaMeta = z
  .object({
    width: z.int().positive().optional(),
    height: z.int().positive().optional(),
    durationMs: z.int().nonnegative().optional(),
    waveform: z.array(z.int().min(0).max(1024)).max(256).optional(),
    voice: z.boolean().optional().describe('true: a voice note; false or absent: other audio'),
  })
  .meta({ id: 'MediaMeta' });
export type MediaMeta = z.infer<typeof MediaMeta>;

export const MEDIA_KINDS = ['image', 'voice', 'video', 'file'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

const MediaRule = z
  .object({
    types: z
      .array(z.string().max(100))
      .max(64)
      .optional()
      .describe('Media types that are accepted. Absent: all'),
    maxBytes: z.int().positive().optional().describe('Maximum size, bytes'),
    maxMs: z.int().positive().optional().describe('Maximum duration, ms'),
  })
  .meta({ id: 'MediaRule' });
export type MediaRule = z.infer<typeof MediaRule>;

export const MediaRules = z
  .object({
    image: MediaRule.optional(),
    voice: MediaRule.optional(),
    video: MediaRule.optional(),
    file: MediaRule.optional(),
    captions: z.boolean().optional().describe('true: one message can contain a text and an attachment'),
    converts: z
      .array(z.enum(['image', 'voice']))
      .max(2)
      .optional()
      .describe('Kinds of attachments that the adapter can convert; set by the adapter kit'),
  })
  .meta({
    id: 'MediaRules',
    description: 'Kinds of attachments that the network accepts. A kind that is absent is not accepted',
  });
export type MediaRules = z.infer<typeof MediaRules>;

export interface MediaFacts {
  contentType: string;
  size: number;
  meta?: MediaMeta | undefined;
}

export type MediaPlan =
  | { act: 'send'; as: MediaKind }
  | { act: 'convert'; as: 'image' | 'voice'; rule: MediaRule }
  /** The network does not accept the attachment: send a link, if links are configured. */
  | { act: 'link'; why: '105' | '106' };

export function mediaKindOf({ contentType, meta }: Pick<MediaFacts, 'contentType' | 'meta'>): MediaKind {
  const [kind] = contentType.split('/');
  if (kind === 'audio') return meta?.voice ? 'voice' : 'file';
  return kind === 'image' || kind === 'video' ? kind : 'file';
}

/** The kinds as which the attachment can be sent, the best first. */
function kindsFor(facts: MediaFacts): MediaKind[] {
  const kind = mediaKindOf(facts);
  if (kind !== 'file') return [kind, 'file'];
  return facts.contentType.startsWith('audio/') ? ['file', 'voice'] : ['file'];
}

/** How an attachment is sent to a network: unchanged, converted, or as a link. */
export function planMedia(facts: MediaFacts, rules: MediaRules): MediaPlan {
  let tooLarge = false;
  for (const as of kindsFor(facts)) {
    const rule = rules[as];
    if (!rule) continue;
    if (fits(facts, rule)) return { act: 'send', as };
    if ((as === 'image' || as === 'voice') && rules.converts?.includes(as) && !tooLong(facts, rule))
      return { act: 'convert', as, rule };
    tooLarge ||= takesType(facts, rule) || tooLong(facts, rule);
  }
  return { act: 'link', why: tooLarge ? '105' : '106' };
}

export function fits(facts: MediaFacts, rule: MediaRule): boolean {
  return takesType(facts, rule) && facts.size <= (rule.maxBytes ?? Infinity) && !tooLong(facts, rule);
}

function takesType({ contentType }: MediaFacts, { types }: MediaRule): boolean {
  return types === undefined || types.includes(contentType);
}

function tooLong({ meta }: MediaFacts, { maxMs }: MediaRule): boolean {
  return maxMs !== undefined && (meta?.durationMs ?? 0) > maxMs;
}

const MAX_NAME = 120;
/** Only the last characters of a very long name are read. */
const MAX_READ = 1000;
/** Control and format characters (among them those that change the reading direction), and characters with a meaning in paths. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;

/** Removes dots and spaces at both ends, which have a meaning on some systems. */
function trimmed(name: string): string {
  return name.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '');
}

/** A file name that is safe to show and to save; undefined if nothing is left. The extension is kept. */
export function cleanName(name: string | undefined): string | undefined {
  // The file name and its extension are at the end.
  const last =
    name
      ?.slice(-MAX_READ)
      .split(/[/\\]/)
      .findLast((part) => part !== '') ?? '';
  const clean = trimmed(last.replace(UNSAFE, '').toWellFormed());
  const points = Array.from(clean);
  if (points.length <= MAX_NAME) return clean || undefined;
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? '';
  return trimmed(points.slice(0, MAX_NAME - ending.length).join('')) + ending;
}
