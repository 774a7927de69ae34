/** What Weibo tells an account, in both forms, and what the account answers. open.weibo.com: Receive General Message, 微信XML格式兼容, Send Passive Response Message. */
import { XMLParser } from 'fast-xml-parser';
import { ACCOUNT_UID } from './ids.js';

export type Form = 'json' | 'xml';

export interface Told {
  /** As in the JSON form. */
  type: 'text' | 'image' | 'voice' | 'position' | 'event' | 'mention' | 'share';
  sender: string;
  at: Date;
  text?: string;
  data?: Record<string, string | number>;
}

export const CONTENT_TYPE: Record<Form, string> = { json: 'application/json', xml: 'text/xml' };

export function written(told: Told, form: Form): string {
  return form === 'json' ? asJson(told) : asXml(told);
}

function asJson({ type, sender, at, text = '', data = {} }: Told): string {
  const ids = Object.entries(data).map(([name, value]) => {
    // Ids of attachments are numbers, which JSON.stringify would round.
    const number = name === 'vfid' || name === 'tovfid';
    return `${JSON.stringify(name)}:${number ? value : JSON.stringify(value)}`;
  });
  return (
    `{"type":${JSON.stringify(type)},"receiver_id":${ACCOUNT_UID},"sender_id":${sender},` +
    `"created_at":${JSON.stringify(dateOf(at))},"text":${JSON.stringify(text)},"data":{${ids.join(',')}}}`
  );
}

/** "Mon Jul 16 18:09:20 +0800 2012", in Beijing. */
function dateOf(at: Date): string {
  const [day, date, month, year, time] = new Date(at.getTime() + 8 * 3600_000).toUTCString().split(/,? /);
  return `${day} ${month} ${date} ${time} +0800 ${year}`;
}

const MSG_TYPE: Partial<Record<Told['type'], string>> = { position: 'location' };

function asXml({ type, sender, at, text = '', data = {} }: Told): string {
  const { tovfid = '', longitude = '', latitude = '', subtype = '', key = '' } = data;
  const more: Record<string, string | number> =
    type === 'event'
      ? { Event: subtype, EventKey: key }
      : type === 'position'
        ? { Location_X: latitude, Location_Y: longitude, Scale: '', Label: text }
        : type === 'image' || type === 'voice'
          ? { PicUrl: '', MediaId: tovfid }
          : { Content: text };
  const fields = {
    ToUserName: ACCOUNT_UID,
    FromUserName: sender,
    CreateTime: Math.floor(at.getTime() / 1000),
    MsgType: MSG_TYPE[type] ?? type,
    ...more,
    // Weibo has no ids of messages: the element is there, and empty.
    ...(type === 'event' ? {} : { MsgId: '' }),
  };
  const elements = Object.entries(fields).map(([name, value]) => {
    const cdata = String(value).replaceAll(']]>', ']]]]><![CDATA[>');
    return `<${name}>${typeof value === 'number' ? value : `<![CDATA[${cdata}]]>`}</${name}>`;
  });
  return `<xml>\n${elements.join('\n')}\n</xml>`;
}

const parser = new XMLParser({ parseTagValue: false, trimValues: true });

/** @returns the text for the person; undefined: no words. @throws Error for an answer that Weibo does not take */
export function answerIn(body: string, form: Form, person: string): string | undefined {
  if (body.trim() === '') return undefined;
  const { to, from, type, text } = form === 'json' ? fromJson(body) : fromXml(body);
  if (to !== person || from !== ACCOUNT_UID || type !== 'text')
    throw new Error('not an answer to the callback');
  return text;
}

interface Answer {
  to: string;
  from: string;
  type: string;
  text: string;
}

function fromJson(body: string): Answer {
  const { result, receiver_id, sender_id, type, data } = JSON.parse(body) as Record<string, unknown>;
  if (result !== true) throw new Error('an answer without a result');
  const { text } = JSON.parse(decodeURIComponent(String(data))) as { text: string };
  return { to: String(receiver_id), from: String(sender_id), type: String(type), text };
}

function fromXml(body: string): Answer {
  const { xml } = parser.parse(body) as { xml: Record<string, string> };
  const { ToUserName: to = '', FromUserName: from = '', MsgType: type = '', Content: text = '' } = xml;
  return { to, from, type, text };
}
