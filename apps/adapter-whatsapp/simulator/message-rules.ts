/** What the API says of bodies that it does not take. */
export interface Refused {
  status: number;
  code: number;
  message: string;
  details?: string;
}

export interface MessageBody {
  messaging_product?: string;
  to?: string;
  recipient?: string;
  type?: string;
  status?: string;
  message_id?: string;
  context?: { message_id?: string };
  biz_opaque_callback_data?: string;
  text?: { body?: string };
  reaction?: { message_id?: string; emoji?: string };
  location?: { latitude?: number; longitude?: number; name?: string };
  [type: string]: unknown;
}

export interface Medium {
  id?: string;
  link?: string;
  caption?: string;
  filename?: string;
}

export const MEDIA_TYPES = new Set(['image', 'video', 'audio', 'document', 'sticker']);
const MOST_TEXT = 4096;
const MOST_CAPTION = 1024;
const MOST_LABEL = 512;

/** @returns undefined for a body that is taken */
export function wrongIn(body: MessageBody): Refused | undefined {
  const { messaging_product: product, type = 'text', text, biz_opaque_callback_data: label = '' } = body;
  if (product !== 'whatsapp') return parameter('messaging_product must be "whatsapp"');
  if (Buffer.byteLength(label) > MOST_LABEL) return parameter('biz_opaque_callback_data is too long');
  if (type === 'text') return wrongInText(text?.body ?? '');
  if (MEDIA_TYPES.has(type)) return wrongInMedium(type, body[type] ?? {});
  if (type === 'reaction' && body.reaction?.message_id !== undefined) return undefined;
  if (type === 'location' && typeof body.location?.latitude === 'number') return undefined;
  return parameter(
    'Param type must be one of {AUDIO, DOCUMENT, IMAGE, LOCATION, REACTION, STICKER, TEXT, VIDEO}',
  );
}

function wrongInText(words: string): Refused | undefined {
  if (words === '') return parameter("The parameter text['body'] is required.");
  return words.length > MOST_TEXT
    ? parameter(`Param text['body'] must be at most ${MOST_TEXT} characters long.`)
    : undefined;
}

function wrongInMedium(type: string, { id, link, caption }: Medium): Refused | undefined {
  if (id === undefined && link === undefined)
    return parameter(`one of ${type}['id'] and ${type}['link'] is required`);
  if (caption !== undefined && (type === 'audio' || type === 'sticker'))
    return parameter(`${type} has no caption`);
  return (caption ?? '').length > MOST_CAPTION ? parameter('the caption is too long') : undefined;
}

function parameter(details: string): Refused {
  return { status: 400, code: 100, message: '(#100) Invalid parameter', details };
}

/** The window of 24 hours after the last message of the person has ended. */
export const OUTSIDE_WINDOW: Refused = {
  status: 400,
  code: 131047,
  message: '(#131047) Re-engagement message',
  details: 'More than 24 hours have passed since the recipient last replied to the sender number.',
};
export const UNDELIVERABLE: Refused = {
  status: 400,
  code: 131026,
  message: '(#131026) Message undeliverable',
};
export const NO_TOKEN: Refused = { status: 401, code: 190, message: 'Invalid OAuth access token.' };
