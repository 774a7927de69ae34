/** Message types: number in the API, name in copies, and what a client shows. */
import type { Act, Sight } from '#simulators';
import { textOf } from '#simulators';
import { ActionError } from './action-error.js';

export type Attach = Record<string, unknown>;

export interface MessageType {
  number: string;
  name: string;
  needs: readonly string[];
  kind: Sight['kind'];
  text(attach: Attach): string;
}

const fileName = (attach: Attach): string => textOf(attach['name']) || textOf(attach['url']);
const media = (number: string, name: string): MessageType => ({
  number,
  name,
  needs: ['md5', 'url'],
  kind: 'media',
  text: fileName,
});

const TEXT: MessageType = {
  number: '0',
  name: 'TEXT',
  needs: ['msg'],
  kind: 'text',
  text: (attach) => textOf(attach['msg']),
};
const LOCATION: MessageType = {
  number: '4',
  name: 'LOCATION',
  needs: ['lng', 'lat'],
  kind: 'location',
  text: ({ title, lat, lng }) => `${textOf(title)} ${textOf(lat)},${textOf(lng)}`.trim(),
};
const CUSTOM: MessageType = {
  number: '100',
  name: 'CUSTOM',
  needs: [],
  kind: 'card',
  text: (attach) => JSON.stringify(attach),
};
const PICTURE = media('1', 'PICTURE');
const AUDIO = media('2', 'AUDIO');
const VIDEO = media('3', 'VIDEO');
const FILE = media('6', 'FILE');

const byNumber = new Map(
  [TEXT, PICTURE, AUDIO, VIDEO, LOCATION, FILE, CUSTOM].map((type) => [type.number, type]),
);

/** Types that people send; types that a client defines itself are custom messages. */
export const typeOfSend: Record<Extract<Act, { do: 'send' }>['what'], MessageType> = {
  image: PICTURE,
  voice: AUDIO,
  video: VIDEO,
  file: FILE,
  location: LOCATION,
  sticker: CUSTOM,
  card: CUSTOM,
  link: CUSTOM,
};

export interface Content {
  type: MessageType;
  attach: Attach;
}

export const textContent = (msg: string): Content => ({ type: TEXT, attach: { msg } });

/** What the client shows of a media object. The MD5 of the file is not verified. */
export function mediaOf(attach: Attach): NonNullable<Sight['media']> {
  const [name, ms] = [textOf(attach['name']), Number(attach['dur'])];
  return {
    url: textOf(attach['url']),
    ...(name ? { name } : {}),
    ...(ms > 0 ? { seconds: ms / 1000 } : {}),
  };
}

export function placeOf({ title, lat, lng }: Attach): NonNullable<Sight['place']> {
  const name = textOf(title);
  return { latitude: Number(lat), longitude: Number(lng), ...(name ? { name } : {}) };
}

/** Numeric fields of a media object are numbers on the wire, although a test writes them as strings. */
const NUMERIC = new Set(['dur', 'size', 'w', 'h', 'lng', 'lat']);

/** @throws Error if the message lacks a field that its type requires */
export function contentOfSend(
  what: Extract<Act, { do: 'send' }>['what'],
  fields: Record<string, string>,
): Content {
  const type = typeOfSend[what];
  const missing = type.needs.find((name) => !(name in fields));
  if (missing) throw new Error(`a ${what} on yunxin needs ${missing}`);
  const attach = Object.entries(fields).map(([name, value]) => [
    name,
    NUMERIC.has(name) ? Number(value) : value,
  ]);
  return { type, attach: Object.fromEntries(attach) as Attach };
}

/** @throws ActionError with the code of the API */
export function contentOfBody(number: string, body: string): Content {
  const type = byNumber.get(number);
  if (!type) throw new ActionError(414, 'type error');
  if (Buffer.byteLength(body) > 5000) throw new ActionError(405, 'body too long');
  let attach: Attach;
  try {
    attach = JSON.parse(body) as Attach;
  } catch {
    throw new ActionError(414, 'body is not json');
  }
  if (typeof attach !== 'object' || attach === null) throw new ActionError(414, 'body is not json');
  const missing = type.needs.find((name) => !textOf(attach[name]));
  if (missing) throw new ActionError(414, `body lacks ${missing}`);
  return { type, attach };
}
