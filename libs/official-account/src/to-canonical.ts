/** A callback of the platform -> what a person did. Pure. */
import { child, type XmlElement } from '#service';
import { HubError, locationPart, plainText, type LeafPart } from '#protocol';

export type AccountAct =
  | { act: 'message'; id: string; from: string; sentAt: Date; text: string }
  | { act: 'part'; id: string; from: string; sentAt: Date; part: LeafPart }
  | { act: 'followed'; from: string; id: string }
  | { act: 'left'; from: string; id: string }
  | { act: 'nothing' };

/** @throws HubError 30 when it names nobody */
export function readCallback(message: XmlElement): AccountAct {
  const field = (...names: string[]) => names.map((name) => child(message, name)?.text).find(Boolean) ?? '';
  const from = field('FromUserName');
  const created = Number(field('CreateTime'));
  if (from === '' || !Number.isFinite(created))
    throw new HubError('30', 'the callback names no sender or no time');
  const common = { from, id: field('MsgId'), sentAt: new Date(created * 1000) };
  const type = field('MsgType');
  if (type === 'event')
    return readEvent(field('Event'), from, `${from}+${field('CreateTime')}+${field('Event')}`);
  if (common.id === '') throw new HubError('30', 'the message has no MsgId');
  if (type === 'text') return { act: 'message', ...common, text: field('Content') };
  const part = readPart(type, field);
  return part ? { act: 'part', ...common, part } : { act: 'nothing' };
}

/** What makes two deliveries of the same callback the same: MsgId, or for events sender, time and event. */
export function identityOf(act: AccountAct): string | undefined {
  return act.act === 'nothing' ? undefined : act.id;
}

function readEvent(event: string, from: string, id: string): AccountAct {
  switch (event.toLowerCase()) {
    case 'subscribe':
    case 'enter_agent':
      return { act: 'followed', from, id };
    case 'unsubscribe':
      return { act: 'left', from, id };
    default:
      return { act: 'nothing' };
  }
}

type Field = (...names: string[]) => string;

/** Media come without their content for now: what stands here becomes words at the destination. */
function readPart(type: string, field: Field): LeafPart | undefined {
  const media = (contentType: string, description = field('Recognition')): LeafPart => ({
    kind: 'external',
    disposition: 'attachment',
    contentType,
    ...(description ? { description } : {}),
  });
  switch (type) {
    case 'image':
      return media('image/*', '');
    case 'voice':
    case 'audio':
      return media('audio/*');
    case 'video':
    case 'shortvideo':
      return media('video/*', field('name'));
    case 'location':
      return readLocation(field);
    case 'link':
    case 'miniprogrampage':
      return plainText(
        [field('Title'), field('Description'), field('Url', 'PagePath')].filter(Boolean).join('\n'),
      );
    default:
      return undefined;
  }
}

/** X is the latitude. */
function readLocation(field: Field): LeafPart | undefined {
  const [latitude, longitude] = [Number(field('Location_X')), Number(field('Location_Y'))];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return locationPart({ latitude, longitude, label: field('Label') || undefined });
}
