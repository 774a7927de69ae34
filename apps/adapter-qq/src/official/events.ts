/** Events of the bot API -> what a person did. Pure. */
import { z } from 'zod';
import type { NativeAttachment } from '#adapter-kit';
import type { BotAct } from '#bot-contacts';
import { faceOf } from '#emoji';
import { parseJson, PHRASES, plainText } from '#protocol';

const Text = z.string().optional().catch(undefined);
const Attachment = z.looseObject({ content_type: z.string().catch(''), url: Text, filename: Text });
const Message = z.looseObject({
  id: z.string().min(1).max(512),
  author: z.looseObject({ user_openid: z.string().min(1).max(128) }),
  content: z.string().catch(''),
  timestamp: Text,
  attachments: z.array(Attachment).max(100).catch([]),
});
/** A person added the account, or allows its messages again. */
const Friend = z.looseObject({ openid: z.string().min(1).max(128) });
const Envelope = z.looseObject({ op: z.number(), t: Text, id: Text, d: z.unknown().optional() });

const DISPATCH = 0;

/** @returns undefined for what is no event of the API; an empty list for what only keeps the connection */
export function readOfficial(json: unknown, now = Date.now()): BotAct[] | undefined {
  const envelope = Envelope.safeParse(json).data;
  if (!envelope) return undefined;
  const { op, t: type = '', id, d } = envelope;
  if (op !== DISPATCH || type === 'READY' || type === 'RESUMED') return [];
  if (type === 'C2C_MESSAGE_CREATE') {
    const message = Message.safeParse(d).data;
    return message ? messageActs(message, now) : undefined;
  }
  const friend = Friend.safeParse(d).data;
  if (friend && type === 'FRIEND_ADD' && id !== undefined)
    return [{ act: 'asked', id, from: friend.openid, replyToken: `event_id ${id}` }];
  return [
    { act: 'lost', kind: 'event', why: `"${type.slice(0, 100)}"`, ...(id === undefined ? {} : { id }) },
  ];
}

/** Attachments after the first one become messages of their own. */
function messageActs(
  { id, author, content, timestamp, attachments }: z.infer<typeof Message>,
  now: number,
): BotAct[] {
  const about = {
    act: 'message' as const,
    from: author.user_openid,
    sentAt: timeOf(timestamp, now),
    replyToken: `msg_id ${id}`,
  };
  // The client puts a space before and behind what a person typed.
  const typed = facesRead(content).trim();
  const [first, ...others] = attachments.map(attachmentOf);
  const words = typed === '' ? {} : { typed };
  const nothing = typed === '' && !first ? { part: plainText(PHRASES.zh.notShown('消息', '')) } : {};
  return [
    { ...about, id, ...words, ...nothing, ...(first ? { media: first } : {}) },
    ...others.map((media, at) => ({ ...about, id: `${id}.${at + 2}`, media })),
  ];
}

function attachmentOf({
  content_type: type,
  url = '',
  filename,
}: z.infer<typeof Attachment>): NativeAttachment {
  const kind = type.split('/')[0] ?? '';
  const known: Record<string, string> = {
    image: 'image/*',
    voice: 'audio/silk',
    audio: 'audio/*',
    video: 'video/*',
  };
  return {
    // COMPAT(bot API, 2025): addresses of pictures in channels come without a scheme.
    source: { url: /^https?:/.test(url) ? url : `https://${url}` },
    disposition: 'attachment',
    contentType: known[kind] ?? 'application/octet-stream',
    ...(type === 'file' && filename !== undefined ? { filename } : {}),
    ...(type === 'voice' ? { meta: { voice: true } } : {}),
  };
}

const FACE = /<faceType=\d{1,3},faceId="([^"]{0,20})"(?:,ext="([A-Za-z0-9+/=]{0,400})")?>/g;

/** `<faceType=1,faceId="14",ext="…">`: the number of a face, and its name as base64 of `{"text":"…"}`. */
export function facesRead(content: string): string {
  return content.replaceAll(
    FACE,
    (_, id: string, ext: string | undefined) => faceOf(id) ?? `[${nameIn(ext)}]`,
  );
}

const Name = z.object({ text: z.string().min(1).max(100) });

function nameIn(ext = ''): string {
  const name = Name.safeParse(parseJson(Buffer.from(ext, 'base64'))).data;
  return name?.text.replace(/^\[(.*)\]$/, '$1') ?? '表情';
}

/** RFC 3339. */
function timeOf(timestamp: string | undefined, now: number): Date {
  const at = Date.parse(timestamp ?? '');
  return new Date(Number.isNaN(at) ? now : Math.min(Math.max(at, 0), now));
}
