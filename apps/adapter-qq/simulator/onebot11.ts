/** Actions, events and messages of OneBot 11, as a program that is logged in has them. */
import type { Chat, Reports, Said } from './chat.js';
import { ACCOUNT, ACCOUNT_NAME } from './ids.js';
import type { ActionAnswer, OneBotDoor } from './onebot-door.js';
import type { QqPerson } from './qq-person.js';

type Json = Record<string, unknown>;
interface Segment {
  type: string;
  data: Json;
}

/** Pictures that clients draw for a number; people read them as these signs. */
const DRAWN: Record<string, string> = {
  '14': '🙂',
  '13': '😁',
  '21': '😊',
  '39': '👋',
  '66': '❤️',
  '74': '☀️',
  '75': '🌙',
  '76': '👍',
  '77': '👎',
  '78': '🤝',
  '99': '👏',
  '120': '✊',
  '124': '👌',
  '144': '🎉',
  '182': '😂',
  '264': '🤦',
  '271': '🍉',
  '320': '🎊',
};

const OK = (data: unknown): ActionAnswer => ({ status: 'ok', retcode: 0, data });
const FAILED = (retcode: number, message: string): ActionAnswer => ({
  status: 'failed',
  retcode,
  data: null,
  message,
});

export class OneBot11 implements Reports {
  readonly meta = {
    connected: () => [
      this.event({ post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect' }),
    ],
    heartbeat: () =>
      this.event({
        post_type: 'meta_event',
        meta_event_type: 'heartbeat',
        status: { online: true, good: true },
        interval: 15_000,
      }),
  };
  door!: OneBotDoor;
  /** The form in which events have messages. */
  format: 'array' | 'string' = 'array';

  constructor(private readonly chat: Chat) {}

  act(action: string, params: Json): ActionAnswer {
    switch (action.replace(/_(?:async|rate_limited)$/, '')) {
      case 'send_private_msg':
        return this.send(String(params['user_id']), params['message'], params['auto_escape'] === true);
      case 'send_msg':
        return params['message_type'] === 'group'
          ? FAILED(1200, 'the account is in no group')
          : this.send(String(params['user_id']), params['message'], params['auto_escape'] === true);
      case 'delete_msg':
        return this.chat.recallByAccount(Number(params['message_id']))
          ? OK(null)
          : FAILED(1200, '消息不存在');
      case 'get_msg':
        return this.get(Number(params['message_id']));
      case 'get_login_info':
        return OK({ user_id: Number(ACCOUNT), nickname: ACCOUNT_NAME });
      case 'get_stranger_info': {
        const person = this.chat.people.get(String(params['user_id']));
        return person
          ? OK({ user_id: Number(person.native), nickname: person.name, sex: 'unknown', age: 0 })
          : FAILED(1200, '用户不存在');
      }
      case 'get_friend_list':
        return OK(
          [...this.chat.people.values()].map((one) => ({
            user_id: Number(one.native),
            nickname: one.name,
            remark: '',
          })),
        );
      case 'get_group_list':
        return OK([]);
      case 'get_image':
      case 'get_record':
        return this.file(String(params['file']));
      case 'set_friend_add_request':
        return this.answerFriend(String(params['flag']), params['approve'] !== false);
      case 'can_send_image':
      case 'can_send_record':
        return OK({ yes: true });
      case 'get_status':
        return OK({ online: true, good: true });
      case 'get_version_info':
        return OK({ app_name: 'hutong-simulator', app_version: '1', protocol_version: 'v11' });
      default:
        return FAILED(1404, `no action ${action}`);
    }
  }

  said(message: Said): void {
    const segments = this.segmentsOf(message);
    const raw = cqCodes(segments);
    const { person, id } = message;
    this.door.report(
      this.event({
        post_type: 'message',
        message_type: 'private',
        sub_type: 'friend',
        message_id: id,
        user_id: Number(person.native),
        message: this.format === 'array' ? segments : raw,
        message_format: this.format,
        raw_message: raw,
        font: 14,
        sender: senderOf(message),
        time: message.time,
      }),
    );
  }

  recalled({ id, person }: Said): void {
    this.door.report(
      this.event({
        post_type: 'notice',
        notice_type: 'friend_recall',
        user_id: Number(person.native),
        message_id: id,
      }),
    );
  }

  befriended(person: QqPerson): void {
    const flag = `${person.native}-${this.chat.people.size}`;
    this.door.report(
      this.event({
        post_type: 'request',
        request_type: 'friend',
        user_id: Number(person.native),
        comment: '',
        flag,
      }),
    );
  }

  idle(): Promise<void> {
    return this.door.idle();
  }

  private answerFriend(flag: string, approve: boolean): ActionAnswer {
    const person = this.chat.people.get(flag.split('-')[0] ?? '');
    if (!person) return FAILED(1200, 'no such request');
    person.isFriend = approve;
    if (approve)
      this.door.report(
        this.event({ post_type: 'notice', notice_type: 'friend_add', user_id: Number(person.native) }),
      );
    return OK(null);
  }

  private send(to: string, message: unknown, plain: boolean): ActionAnswer {
    const trouble = this.chat.faults.takeRefusal();
    if (trouble !== undefined) return FAILED(trouble, 'refused');
    const person = this.chat.people.get(to);
    if (!person) return FAILED(1200, '对方不是好友');
    const segments = typeof message === 'string' && plain ? [text(message)] : segmentsIn(message);
    if (!segments || segments.length === 0) return FAILED(1400, 'no message');
    const file = segments.find(({ type }) => ['image', 'record', 'video'].includes(type));
    const key = file && this.keep(String(file.data['file']), file.type);
    if (file && key === undefined) return FAILED(1200, '文件无法读取');
    const quote = segments.find(({ type }) => type === 'reply');
    const said = this.chat.fromAccount(person, {
      text: segments.map(shown).join(''),
      quotes: quote && Number(quote.data['id']),
      file: file && key !== undefined ? { kind: file.type, key } : undefined,
    });
    return said ? OK({ message_id: said.id }) : FAILED(1200, '对方不是好友');
  }

  private keep(file: string, type: string): string | undefined {
    const [, base64] = /^base64:\/\/([A-Za-z0-9+/]+=*)$/.exec(file) ?? [];
    return base64 === undefined
      ? undefined
      : this.chat.keep({
          name: type,
          type: 'application/octet-stream',
          bytes: Buffer.from(base64, 'base64'),
        });
  }

  private get(id: number): ActionAnswer {
    const message = this.chat.messages.get(id);
    if (!message) return FAILED(1200, '消息不存在');
    return OK({
      time: message.time,
      message_type: 'private',
      message_id: id,
      real_id: id,
      sender: senderOf(message),
      message: this.segmentsOf(message),
    });
  }

  private file(name: string): ActionAnswer {
    const content = this.chat.contents.get(name.split('.')[0] ?? '');
    return content
      ? OK({ file: name, base64: content.bytes.toString('base64') })
      : FAILED(1200, '文件不存在');
  }

  private segmentsOf({ quotes, text: words, file, place, dice }: Said): Segment[] {
    const quote = quotes === undefined ? [] : [{ type: 'reply', data: { id: String(quotes) } }];
    if (place)
      return [
        ...quote,
        {
          type: 'location',
          data: { lat: String(place.latitude), lon: String(place.longitude), title: place.name, content: '' },
        },
      ];
    if (dice !== undefined) return [...quote, { type: 'dice', data: { result: String(dice) } }];
    if (!file) return [...quote, text(words ?? '')];
    const type = file.kind === 'voice' ? 'record' : file.kind;
    const about = { file: `${file.key}.${file.kind}`, ...(type === 'file' ? { name: file.name } : {}) };
    // Voice notes have no address; the application asks for them.
    return [
      ...quote,
      { type, data: type === 'record' ? about : { ...about, url: this.chat.urlOf(file.key) } },
    ];
  }

  private event(event: Json): Json {
    return { time: Math.floor(Date.now() / 1000), self_id: Number(ACCOUNT), ...event };
  }
}

const text = (words: string): Segment => ({ type: 'text', data: { text: words } });

/** What a person reads. */
function shown({ type, data }: Segment): string {
  if (type === 'text') return String(data['text']);
  if (type === 'face') return DRAWN[String(data['id'])] ?? `[face ${String(data['id'])}]`;
  if (type === 'at') return `@${String(data['qq'])}`;
  return '';
}

function segmentsIn(message: unknown): Segment[] | undefined {
  if (typeof message === 'string') return parsed(message);
  const list = Array.isArray(message) ? message : [message];
  return list.every(
    (one): one is Segment => typeof one === 'object' && one !== null && 'type' in one && 'data' in one,
  )
    ? list
    : undefined;
}

function senderOf({ person, byPerson }: Said): Json {
  const [user, nickname] = byPerson ? [person.native, person.name] : [ACCOUNT, ACCOUNT_NAME];
  return { user_id: Number(user), nickname, sex: 'unknown', age: 0 };
}

const encode = (words: string) =>
  words.replace(/[&[\]]/g, (sign) => `&${{ '&': 'amp', '[': '#91', ']': '#93' }[sign] ?? ''};`);
const decode = (words: string) =>
  words.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replace(/&amp;/g, '&');

function cqCodes(segments: readonly Segment[]): string {
  return segments
    .map(({ type, data }) =>
      type === 'text'
        ? encode(String(data['text']))
        : `[CQ:${[type, ...Object.entries(data).map(([name, value]) => `${name}=${encode(String(value)).replace(/,/g, '&#44;')}`)].join(',')}]`,
    )
    .join('');
}

/** A text with CQ codes, cut at the brackets, which are escaped everywhere else. */
function parsed(message: string): Segment[] {
  return message
    .split(/(\[[^\]]*\])/)
    .filter((piece) => piece !== '')
    .map((piece): Segment => {
      if (!piece.startsWith('[CQ:')) return text(decode(piece));
      const [type = '', ...pairs] = piece.slice('[CQ:'.length, -1).split(',');
      const data = Object.fromEntries(
        pairs.map((pair) => [pair.split('=', 1)[0] ?? '', decode(pair.slice(pair.indexOf('=') + 1))]),
      );
      return { type, data };
    });
}
