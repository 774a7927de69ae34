/** The two forms of callbacks, and of answers in the response to them. The XML is that of WeChat. Pure. */
import { plainReply, readFields } from '#official-account';
import { child, JsonRefused, readSmallJson } from '#service';

/** What a callback says, whichever form it has; a field that is missing is empty. Numbers are text, because ids exceed 2^53. */
export interface Callback {
  type: string;
  sender: string;
  /** Uid of the account. */
  receiver: string;
  /** As it came: an English date, or seconds since 1970. */
  createdAt: string;
  text: string;
  subtype: string;
  key: string;
  /** Id of an attachment. */
  fid: string;
  longitude: string;
  latitude: string;
}

export interface WeiboFormat {
  contentType: string;
  /** @returns undefined for what names no type, or no person who sent it */
  read(native: string): Callback | undefined;
  /** Words in the response to a callback, which only its sender sees. */
  reply(to: Callback, text: string): string;
}

export const UID = /^[1-9]\d{0,18}$/;
const BOUNDS = { depth: 8, values: 500 };

const json: WeiboFormat = {
  contentType: 'application/json; charset=utf-8',
  read(native) {
    const said = jsonOf(native);
    const [of, about] = [fieldsOf(said), fieldsOf((said as { data?: unknown } | null)?.data)];
    return complete({
      type: of('type'),
      sender: of('sender_id'),
      receiver: of('receiver_id'),
      createdAt: of('created_at'),
      text: of('text'),
      subtype: about('subtype'),
      key: about('key'),
      fid: about('tovfid') || about('vfid'),
      longitude: about('longitude'),
      latitude: about('latitude'),
    });
  },
  /** `data` is JSON, percent-encoded, as a string in JSON. */
  reply: ({ sender, receiver }, text) => {
    const data = encodeURIComponent(JSON.stringify({ text: text.toWellFormed() }));
    return JSON.stringify({ result: true, sender_id: receiver, receiver_id: sender, type: 'text', data });
  },
};

const xml: WeiboFormat = {
  contentType: 'text/xml; charset=utf-8',
  read(native) {
    const fields = readFields(native);
    const of = (name: string) => (fields && child(fields, name)?.text.trim()) ?? '';
    const type = of('MsgType');
    return complete({
      type: type === 'location' ? 'position' : type,
      sender: of('FromUserName'),
      receiver: of('ToUserName'),
      createdAt: of('CreateTime'),
      text: of('Content') || of('Label'),
      subtype: of('Event'),
      key: of('EventKey'),
      fid: of('MediaId'),
      longitude: of('Location_Y'),
      latitude: of('Location_X'),
    });
  },
  reply: ({ sender, receiver }, text) => plainReply(sender, receiver, text),
};

export const FORMATS = { json, xml };

function complete(callback: Callback): Callback | undefined {
  return callback.type !== '' && UID.test(callback.sender) ? callback : undefined;
}

function jsonOf(native: string): unknown {
  const asWritten = (_key: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' ? (source ?? String(value)) : value;
  try {
    readSmallJson(Buffer.from(native), BOUNDS);
    return JSON.parse(native, asWritten);
  } catch (error) {
    if (error instanceof JsonRefused) return null;
    throw error;
  }
}

function fieldsOf(object: unknown): (name: string) => string {
  const fields = new Map(Object.entries(object ?? {}));
  return (name) => {
    const value: unknown = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
}
