/** A message copy of Yunxin -> what somebody did. Pure. */
import { z } from 'zod';
import type { NativeMedia } from '#adapter-kit';
import { HubError, jsonIn, locationPart, plainText, type LeafPart } from '#protocol';

/** All values are strings. */
const Copy = z.looseObject({
  eventType: z.string().optional(),
  convType: z.string().optional(),
  to: z.string().optional(),
  fromAccount: z.string().optional(),
  fromNick: z.string().optional(),
  msgTimestamp: z.string().optional(),
  msgType: z.string().optional(),
  body: z.string().optional(),
  attach: z.string().optional(),
  msgidServer: z.string().optional(),
});

const EMPTY_PART: LeafPart = { kind: 'null', disposition: 'unspecified' };

export type YunxinAct =
  | {
      act: 'message';
      id: string;
      from: string;
      nick: string | undefined;
      to: string;
      sentAt: Date;
      part: LeafPart;
      medium?: NativeMedia;
    }
  | { act: 'nothing' };

/** @throws HubError 30 for what is no copy */
export function readCopy(body: string): YunxinAct {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new HubError('30', 'the copy is not JSON');
  }
  const copy = Copy.safeParse(json);
  if (!copy.success) throw new HubError('30', 'the copy has fields of another type');
  const { eventType, convType, to, fromAccount: from, fromNick, msgidServer: id, msgTimestamp } = copy.data;
  if (eventType !== '1' || convType !== 'PERSON' || !to || !from || !id) return { act: 'nothing' };
  const read = partOf(copy.data);
  const sent = Number(msgTimestamp);
  const sentAt = sent > 0 && sent < 8e15 ? new Date(sent) : new Date();
  if (!read) return { act: 'nothing' };
  const said = 'source' in read ? { part: EMPTY_PART, medium: read } : { part: read };
  return { act: 'message', id, from, nick: fromNick || undefined, to, sentAt, ...said };
}

/** Media are at an address of the network's storage. */
function partOf({
  msgType,
  body = '',
  attach = '{}',
}: z.infer<typeof Copy>): LeafPart | NativeMedia | undefined {
  const fields = attachment(attach);
  const media = (contentType: string, voice = false): NativeMedia => {
    const duration = coordinate(fields['dur']);
    return {
      source: { url: typeof fields['url'] === 'string' ? fields['url'] : '' },
      disposition: 'attachment',
      contentType,
      ...(typeof fields['name'] === 'string' ? { filename: fields['name'].slice(0, 255) } : {}),
      meta: {
        ...(voice ? { voice } : {}),
        ...(duration >= 0 ? { durationMs: Math.round(duration) } : {}),
      },
    };
  };
  switch (msgType) {
    case 'TEXT':
      return plainText(body);
    case 'PICTURE':
      return media('image/*');
    case 'AUDIO':
      return media('audio/*', true);
    case 'VIDEO':
      return media('video/*');
    case 'FILE':
      return media('application/octet-stream');
    case 'LOCATION':
      return placeOf(fields) ?? plainText('（位置）');
    case 'CUSTOM':
      return plainText(body || attach || '（消息）');
    default:
      return undefined;
  }
}

function placeOf(fields: Record<string, unknown>): LeafPart | undefined {
  const [latitude, longitude] = [coordinate(fields['lat']), coordinate(fields['lng'])];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  const label = typeof fields['title'] === 'string' ? fields['title'] : undefined;
  return locationPart({ latitude, longitude, label });
}

/** A number, or one in writing; anything else is none. */
function coordinate(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
    ? Number(value)
    : Number.NaN;
}

function attachment(text: string): Record<string, unknown> {
  const value = jsonIn(Buffer.from(text));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
