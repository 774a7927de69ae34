/** A callback of the platform -> what a person did. Pure. */
import { child, type XmlElement } from '#service';
import type { NativeMedia } from '#adapter-kit';
import { cardPart, HubError, locationPart, plainText, type LeafPart } from '#protocol';

export type AccountAct =
  | { act: 'message'; id: string; from: string; sentAt: Date; text: string }
  | { act: 'part'; id: string; from: string; sentAt: Date; part: LeafPart }
  | { act: 'medium'; id: string; from: string; sentAt: Date; medium: NativeMedia }
  | { act: 'followed'; from: string; id: string }
  | { act: 'left'; from: string; id: string }
  | { act: 'nothing' };

/** Later than any date that JavaScript can hold would be an error in the middle of things. */
const MAX_SECONDS = 8e12;

/** @throws HubError 30 when it names nobody */
export function readCallback(message: XmlElement): AccountAct {
  const field = (...names: string[]) => names.map((name) => child(message, name)?.text).find(Boolean) ?? '';
  const from = field('FromUserName');
  const created = Number(field('CreateTime'));
  if (from === '' || !(created > 0 && created < MAX_SECONDS))
    throw new HubError('30', 'the callback names no sender or no time');
  const common = { from, id: field('MsgId'), sentAt: new Date(created * 1000) };
  const type = field('MsgType');
  if (type === 'event')
    return readEvent(field('Event'), from, `${from}+${field('CreateTime')}+${field('Event')}`);
  if (common.id === '') throw new HubError('30', 'the message has no MsgId');
  if (type === 'text') return { act: 'message', ...common, text: field('Content') };
  const read = readPart(type, field);
  return 'source' in read
    ? { act: 'medium', ...common, medium: read }
    : { act: 'part', ...common, part: read };
}

/** What makes two deliveries of the same callback the same: MsgId, or for events sender, time and event. */
export function identityOf(act: AccountAct): string | undefined {
  return act.act === 'nothing' ? undefined : act.id;
}

function readEvent(event: string, from: string, id: string): AccountAct {
  switch (event.toLowerCase()) {
    case 'subscribe':
      return { act: 'followed', from, id };
    case 'unsubscribe':
      return { act: 'left', from, id };
    default:
      return { act: 'nothing' };
  }
}

type Field = (...names: string[]) => string;

/** By MediaId, which the account fetches with its token; Yixin gives an address. */
function readPart(type: string, field: Field): LeafPart | NativeMedia {
  const media = (contentType: string, description = field('Recognition'), voice = false): NativeMedia => {
    const [mediaId, url, filename] = [field('MediaId'), field('url', 'PicUrl'), field('name', 'FileName')];
    return {
      source: mediaId === '' ? { url } : { mediaId },
      disposition: 'attachment',
      contentType,
      ...(filename ? { filename } : {}),
      ...(description ? { description: description.slice(0, 2000) } : {}),
      ...(voice ? { meta: { voice } } : {}),
    };
  };
  switch (type) {
    case 'image':
      return media('image/*', '');
    case 'voice':
    case 'audio':
      return media('audio/*', field('Recognition'), true);
    case 'video':
    case 'shortvideo':
      return media('video/*', '');
    case 'location':
      return readLocation(field) ?? plainText(field('Label') || '（位置）');
    case 'card':
      return cardPart({
        name: field('name', 'Name', 'Content') || field('card') || '?',
        phone: field('mobile') || undefined,
      });
    case 'link':
    case 'miniprogrampage':
      return plainText(
        [field('Title'), field('Description'), field('Url', 'PagePath')].filter(Boolean).join('\n') ||
          '（链接）',
      );
    default:
      // Not in the documents that we know, but said all the same: it must not be lost without a word.
      return media('application/octet-stream', field('Title', 'FileName'));
  }
}

/** X is the latitude. */
function readLocation(field: Field): LeafPart | undefined {
  const [x, y] = [field('Location_X'), field('Location_Y')];
  const [latitude, longitude] = [Number(x), Number(y)];
  if (x === '' || y === '' || !(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return locationPart({ latitude, longitude, label: field('Label') || undefined });
}
