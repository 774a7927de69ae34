/** Actions, events and messages of OneBot 12. */
import { createHash, randomUUID } from 'node:crypto';
import type { Chat, Reports, Said } from './chat.js';
import { ACCOUNT, ACCOUNT_NAME } from './ids.js';
import type { ActionAnswer, OneBotDoor } from './onebot-door.js';
import type { QqPerson } from './qq-person.js';

type Json = Record<string, unknown>;
interface Segment {
  type: string;
  data: Json;
}

const SELF = { platform: 'qq', user_id: ACCOUNT };
const VERSION = { impl: 'hutong-simulator', version: '1', onebot_version: '12' };
const ACTIONS = [
  'get_supported_actions',
  'get_status',
  'get_version',
  'get_self_info',
  'get_user_info',
  'get_friend_list',
  'send_message',
  'delete_message',
  'upload_file',
  'get_file',
];

const OK = (data: unknown): ActionAnswer => ({ status: 'ok', retcode: 0, data, message: '' });
const FAILED = (retcode: number, message: string): ActionAnswer => ({
  status: 'failed',
  retcode,
  data: null,
  message,
});

export class OneBot12 implements Reports {
  readonly meta = {
    connected: () => [
      this.event('meta', 'connect', { version: VERSION }),
      this.event('meta', 'status_update', { status: this.status }),
    ],
    heartbeat: () => this.event('meta', 'heartbeat', { interval: 15_000 }),
  };
  door!: OneBotDoor;

  constructor(private readonly chat: Chat) {}

  act(action: string, params: Json): ActionAnswer {
    switch (action) {
      case 'get_supported_actions':
        return OK(ACTIONS);
      case 'get_status':
        return OK(this.status);
      case 'get_version':
        return OK(VERSION);
      case 'get_self_info':
        return OK({ user_id: ACCOUNT, user_name: ACCOUNT_NAME, user_displayname: '' });
      case 'get_user_info': {
        const person = this.chat.people.get(String(params['user_id']));
        return person ? OK(aboutPerson(person)) : FAILED(35_001, '用户不存在');
      }
      case 'get_friend_list':
        return OK([...this.chat.people.values()].map(aboutPerson));
      case 'send_message':
        return this.send(params);
      case 'delete_message':
        return this.chat.recallByAccount(Number(params['message_id']))
          ? OK(null)
          : FAILED(35_002, '消息不存在');
      case 'upload_file':
        return this.upload(params);
      case 'get_file': {
        const content = this.chat.contents.get(String(params['file_id']));
        if (!content) return FAILED(32_001, '文件不存在');
        return OK({ name: content.name, data: content.bytes.toString('base64') });
      }
      default:
        return FAILED(10_002, `no action ${action}`);
    }
  }

  said(message: Said): void {
    const { id, time, person } = message;
    this.door.report(
      this.event('message', 'private', {
        time,
        message_id: String(id),
        message: segmentsOf(message),
        alt_message: message.text ?? '',
        user_id: person.native,
      }),
    );
  }

  recalled({ id, person }: Said): void {
    const about = { message_id: String(id), user_id: person.native };
    this.door.report(this.event('notice', 'private_message_delete', about));
  }

  befriended(person: QqPerson): void {
    this.door.report(this.event('notice', 'friend_increase', { user_id: person.native }));
  }

  idle(): Promise<void> {
    return this.door.idle();
  }

  private get status() {
    return { good: true, bots: [{ self: SELF, online: true }] };
  }

  private send(params: Json): ActionAnswer {
    const trouble = this.chat.faults.takeRefusal();
    if (trouble !== undefined) return FAILED(trouble, 'refused');
    if (params['detail_type'] !== 'private') return FAILED(10_004, 'the account is in no group');
    const person = this.chat.people.get(String(params['user_id']));
    if (!person) return FAILED(35_001, '用户不存在');
    const segments = params['message'];
    if (!Array.isArray(segments)) return FAILED(10_003, 'message must be a list of segments');
    let words = '';
    let quotes: number | undefined;
    let file: { kind: string; key: string } | undefined;
    for (const { type, data } of segments as Segment[]) {
      if (type === 'text') words += String(data['text']);
      else if (type === 'reply') quotes = Number(data['message_id']);
      else if (!['image', 'voice', 'video'].includes(type)) return FAILED(10_005, `no segment ${type}`);
      else if (!this.chat.contents.has(String(data['file_id']))) return FAILED(10_006, 'no such file');
      else file = { kind: type, key: String(data['file_id']) };
    }
    const said = this.chat.fromAccount(person, { text: words, quotes, file });
    return said ? OK({ message_id: String(said.id), time: said.time }) : FAILED(35_001, '对方不是好友');
  }

  private upload({ type, name, data, sha256 }: Json): ActionAnswer {
    if (type !== 'data' || typeof data !== 'string') return FAILED(10_004, 'only data is uploaded here');
    const bytes = Buffer.from(data, 'base64');
    if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256)
      return FAILED(10_003, 'the content has another hash');
    const file_id = this.chat.keep({ name: String(name), type: 'application/octet-stream', bytes });
    return OK({ file_id });
  }

  private event(type: string, detail_type: string, more: Json): Json {
    const self = type === 'meta' ? {} : { self: SELF };
    return { id: randomUUID(), time: Date.now() / 1000, type, detail_type, sub_type: '', ...self, ...more };
  }
}

function aboutPerson({ native, name }: QqPerson) {
  return { user_id: native, user_name: name, user_displayname: '', user_remark: '' };
}

function segmentsOf({ quotes, text, file, place, dice }: Said): Segment[] {
  const quote = quotes === undefined ? [] : [{ type: 'reply', data: { message_id: String(quotes) } }];
  if (place) {
    const { latitude, longitude, name: title } = place;
    return [...quote, { type: 'location', data: { latitude, longitude, title, content: '' } }];
  }
  if (dice !== undefined) return [...quote, { type: 'qq.dice', data: { result: dice } }];
  if (file) return [...quote, { type: file.kind, data: { file_id: file.key } }];
  return [...quote, { type: 'text', data: { text: text ?? '' } }];
}
