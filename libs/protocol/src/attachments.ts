/** Media by reference: how a file in the media store is named, what is known of it, and how it fits a network. Pure. */
import { z } from 'zod';
import type { Network } from './address.js';

/** The only addresses that an event may name: never one that somebody would fetch. */
export const MediaUrl = z
  .string()
  .regex(/^hub-media:[a-z][a-z0-9-]{0,30}\/[A-Za-z0-9_-]{43}$/, 'expected hub-media:<network>/<object>')
  .brand<'MediaUrl'>()
  .meta({ id: 'MediaUrl', description: 'An object in the media store, of the network that sent it' });
export type MediaUrl = z.infer<typeof MediaUrl>;

/** Proof of the switch that it addressed this object to the network that presents the proof. */
export const MediaGrant = z.base64url().length(43).brand<'MediaGrant'>().meta({
  id: 'MediaGrant',
  description:
    'Lets the destination read the attachment; set by the switch, whatever a sender writes is replaced',
});
export type MediaGrant = z.infer<typeof MediaGrant>;

export interface MediaPlace {
  network: Network;
  object: string;
  /** Needed to read an object of another network. */
  grant?: MediaGrant | undefined;
}

export function mediaUrl({ network, object }: MediaPlace): MediaUrl {
  return MediaUrl.parse(`hub-media:${network}/${object}`);
}

export function mediaPlace(url: MediaUrl, grant?: MediaGrant): MediaPlace {
  const [network = '', object = ''] = url.slice('hub-media:'.length).split('/');
  return { network: network as Network, object, ...(grant === undefined ? {} : { grant }) };
}

/** How the object is sealed (draft-ietf-mimi-content, ExternalPart): the key travels with the message only. */
export const MediaSeal = z
  .object({ alg: z.literal('aes-256-gcm-blocks'), key: z.base64url().length(43) })
  .meta({ id: 'MediaSeal', description: 'Blocks of 256 KiB, each AES-256-GCM with its number as nonce' });
export type MediaSeal = z.infer<typeof MediaSeal>;

/** Bytes of an avatar: it is shown small, and a chat has many. */
export const AVATAR_MAX_BYTES = 48 * 1024;
/** Pixels on its longer side. */
export const AVATAR_SIDE = 256;

/**
 * How a person looks. It travels with the events of the person, so it is short: the url is a keyed hash of the picture, and
 * another picture has another url.
 */
export const Avatar = z
  .object({
    url: MediaUrl,
    key: z.base64url().length(43).describe('Opens the blocks of the object, as `seal.key` of an attachment'),
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
    voice: z.boolean().optional().describe('A recorded note, not a piece of music'),
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
      .describe('Media types that are taken; all, if absent'),
    maxBytes: z.int().positive().optional(),
    maxMs: z.int().positive().optional(),
  })
  .meta({ id: 'MediaRule' });
export type MediaRule = z.infer<typeof MediaRule>;

export const MediaRules = z
  .object({
    image: MediaRule.optional(),
    voice: MediaRule.optional(),
    video: MediaRule.optional(),
    file: MediaRule.optional(),
    captions: z.boolean().optional().describe('Words and one medium make one message'),
    converts: z
      .array(z.enum(['image', 'voice']))
      .max(2)
      .optional()
      .describe('What the adapter can turn into another form; set by the kit'),
  })
  .meta({
    id: 'MediaRules',
    description: 'What of media the network takes; a kind that is absent, it does not',
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
  /** The network takes nothing of the kind: a link, where there can be one. */
  | { act: 'link'; why: '105' | '106' };

export function mediaKindOf({ contentType, meta }: Pick<MediaFacts, 'contentType' | 'meta'>): MediaKind {
  const [kind] = contentType.split('/');
  if (kind === 'audio') return meta?.voice ? 'voice' : 'file';
  return kind === 'image' || kind === 'video' ? kind : 'file';
}

/** As what it is tried, the best first. */
function kindsFor(facts: MediaFacts): MediaKind[] {
  const kind = mediaKindOf(facts);
  if (kind !== 'file') return [kind, 'file'];
  return facts.contentType.startsWith('audio/') ? ['file', 'voice'] : ['file'];
}

/** How a file goes into a network: as it is, in another form, or not at all. */
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
/** What is looked at of a name that goes on and on. */
const MAX_READ = 1000;
/** Control and format characters (among them those that turn the reading direction), and what means a path somewhere. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;

/** Dots and spaces at either end mean something to some systems. */
function trimmed(name: string): string {
  return name.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '');
}

/** A name that is safe to show and to save under; undefined when nothing is left of it. The ending is kept. */
export function cleanName(name: string | undefined): string | undefined {
  // The end of it counts: there is the file's own name, and its ending.
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
