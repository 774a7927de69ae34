/** The official bot API v2: access tokens, messages to people who wrote before, callbacks, and the gateway. */
import { randomBytes, randomUUID } from 'node:crypto';
import { unguessable, type HttpDoor, type Incoming, type Outgoing } from '#simulators';
import type { Chat, Reports, Said } from './chat.js';
import { OfficialCallbacks } from './official-callbacks.js';
import { OfficialGateway } from './official-gateway.js';
import type { QqPerson } from './qq-person.js';

type Json = Record<string, unknown>;

export interface OfficialOptions {
  appId: string;
  secret: string;
  retryMs: number;
  tokenSeconds: number;
  windowReplies: number;
}

/** How long a message may be answered. */
const WINDOW_MS = 60 * 60_000;
const FILE_KINDS: Record<number, string> = { 1: 'image', 2: 'video', 3: 'voice' };

interface Anchor {
  person: QqPerson;
  at: number;
  sequences: Set<number>;
}

export class OfficialApi implements Reports {
  private readonly tokens = new Map<string, number>();
  /** By msg_id or event_id. */
  private readonly anchors = new Map<string, Anchor>();
  private readonly files = new Map<string, { kind: string; key: string }>();
  /** Native id of a message -> its number. */
  private readonly numbers = new Map<string, number>();
  private readonly callbacks: OfficialCallbacks;
  private readonly gateway: OfficialGateway;

  constructor(
    private readonly chat: Chat,
    private readonly options: OfficialOptions,
  ) {
    this.callbacks = new OfficialCallbacks(options, chat.faults);
    this.gateway = new OfficialGateway((token) => this.isToken(token));
  }

  open(door: HttpDoor): void {
    this.gateway.open(door);
  }

  connect(callbackUrl: string): Promise<void> {
    return this.callbacks.connect(callbackUrl);
  }

  cut(): void {
    this.gateway.cut();
  }

  listening(): number {
    return this.gateway.listening + this.callbacks.connected;
  }

  async close(): Promise<void> {
    this.gateway.close();
    await this.callbacks.close();
  }

  idle(): Promise<void> {
    return this.callbacks.idle();
  }

  /** Every token that was issued so far ends now. */
  endTokens(): void {
    this.tokens.clear();
  }

  said(message: Said): void {
    const id = `ROBOT1.0_${randomBytes(24).toString('base64url')}`;
    this.numbers.set(id, message.id);
    this.anchors.set(id, { person: message.person, at: this.chat.clock.now(), sequences: new Set() });
    this.tell('C2C_MESSAGE_CREATE', `C2C_MESSAGE_CREATE:${id}`, message.person, {
      id,
      author: {
        id: message.person.native,
        user_openid: message.person.native,
        union_openid: message.person.native,
      },
      content: contentOf(message),
      timestamp: new Date(message.time * 1000).toISOString().replace('.000Z', '+00:00'),
      message_scene: { source: 'default' },
      ...(message.file ? { attachments: [this.attachmentOf(message.file)] } : {}),
    });
  }

  /** The API reports no recalls of people. */
  recalled(): void {
    // Nothing is told.
  }

  befriended(person: QqPerson): void {
    const id = `FRIEND_ADD:${randomUUID()}`;
    this.anchors.set(id, { person, at: this.chat.clock.now(), sequences: new Set() });
    this.tell('FRIEND_ADD', id, person, { timestamp: Math.floor(Date.now() / 1000), openid: person.native });
  }

  answer(call: Incoming): Outgoing {
    if (call.path === '/app/getAppAccessToken') return this.issue(bodyOf(call));
    const token = /^QQBot (.+)$/.exec(call.header('authorization'))?.[1] ?? '';
    if (!this.isToken(token)) return refused(401, 11_244, 'token not exist or expire');
    if (call.path === '/gateway')
      return json({ url: `${this.chat.filesUrl.replace('http', 'ws')}/websocket` });
    if (call.path === '/gateway/bot')
      return json({ url: `${this.chat.filesUrl.replace('http', 'ws')}/websocket`, shards: 1 });
    if (call.path === '/users/@me')
      return json({ id: this.options.appId, username: '互通', avatar: '', bot: true });
    const [, openid = '', rest = ''] = /^\/v2\/users\/([^/]+)\/(.+)$/.exec(call.path) ?? [];
    const person = this.chat.people.get(openid);
    if (!person) return refused(404, 11_255, 'no such user');
    if (rest === 'messages' && call.method === 'POST') return this.post(person, bodyOf(call));
    if (rest === 'files' && call.method === 'POST') return this.upload(bodyOf(call));
    const [, id] = /^messages\/(.+)$/.exec(rest) ?? [];
    if (id !== undefined && call.method === 'DELETE')
      return this.chat.recallByAccount(this.numbers.get(decodeURIComponent(id)) ?? -1)
        ? { status: 200, type: 'application/json', body: '{}' }
        : refused(400, 40_034_006, 'message not found');
    return refused(404, 11_255, 'no such route');
  }

  private issue({ appId, clientSecret }: Json): Outgoing {
    if (appId !== this.options.appId || clientSecret !== this.options.secret)
      return json({ code: 100_016, message: 'invalid appid or secret' });
    const token = unguessable(43);
    this.tokens.set(token, this.chat.clock.now() + this.options.tokenSeconds * 1000);
    return json({ access_token: token, expires_in: String(this.options.tokenSeconds) });
  }

  private isToken(token: string): boolean {
    return (this.tokens.get(token) ?? 0) > this.chat.clock.now();
  }

  private post(person: QqPerson, body: Json): Outgoing {
    const silence = this.chat.faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    const trouble = this.chat.faults.takeRefusal();
    if (trouble !== undefined) return refused(trouble, trouble, 'refused');
    const outgoing = this.reply(person, body);
    return silence === 'taken' ? 'hang-up' : outgoing;
  }

  private reply(person: QqPerson, body: Json): Outgoing {
    const { content, msg_type: type, media, msg_seq: sequence = 1 } = body;
    const anchor = this.anchors.get(String(body['msg_id'] ?? body['event_id']));
    if (!anchor || anchor.person !== person) return refused(400, 40_034_105, 'the bot may not speak first');
    if (typeof sequence !== 'number' || !Number.isInteger(sequence))
      return refused(400, 11_255, 'msg_seq is no number');
    if (this.chat.clock.now() - anchor.at > WINDOW_MS)
      return refused(400, 40_034_005, 'the reply is too late');
    if (anchor.sequences.has(sequence)) return refused(400, 40_054_005, '消息被去重，请检查请求msgseq');
    if (anchor.sequences.size >= this.options.windowReplies) return refused(400, 22_009, 'msg limit exceed');
    if (typeof content !== 'string' || content === '') return refused(400, 50_006, 'the message is empty');
    const file = type === 7 ? this.files.get(String((media as Json | undefined)?.['file_info'])) : undefined;
    if (type === 7 ? !file : type !== 0) return refused(400, 50_035, 'wrong msg_type or media');
    anchor.sequences.add(sequence);
    const said = this.chat.fromAccount(person, { text: content, file });
    const id = `ROBOT1.0_${randomBytes(24).toString('base64url')}`;
    // To somebody who has removed the bot the API says that it is sent.
    if (said) this.numbers.set(id, said.id);
    return json({ id, timestamp: new Date().toISOString() });
  }

  private upload({ file_type: type, file_data: data, url }: Json): Outgoing {
    const kind = FILE_KINDS[Number(type)];
    if (kind === undefined) return refused(400, 40_093_001, 'this kind of file is closed');
    if (typeof data !== 'string' || url !== undefined)
      return refused(400, 304_082, 'the file cannot be fetched');
    const bytes = Buffer.from(data, 'base64');
    // What a client plays as a voice note.
    if (kind === 'voice' && !bytes.subarray(0, 10).includes('#!SILK'))
      return refused(400, 304_083, 'no SILK');
    const file_info = unguessable(64);
    const key = this.chat.keep({ name: kind, type: 'application/octet-stream', bytes });
    this.files.set(file_info, { kind, key });
    return json({ file_uuid: randomUUID(), file_info, ttl: 0 });
  }

  private tell(t: string, id: string, person: QqPerson, d: Json): void {
    const payload = { op: 0, id, t, d };
    this.callbacks.enqueue(person.native, payload);
    const times = this.callbacks.connected === 0 && this.chat.faults.takeDuplicate() ? 2 : 1;
    for (let time = 0; time < times; time++) this.gateway.dispatch(payload);
  }

  private attachmentOf({ kind, key, name }: NonNullable<Said['file']>): Json {
    const content = this.chat.contents.get(key);
    const types: Record<string, string> = {
      voice: 'voice',
      file: 'file',
      image: 'image/jpeg',
      video: 'video/mp4',
    };
    return {
      content_type: types[kind],
      filename: name,
      size: content?.bytes.length,
      url: this.chat.urlOf(key),
    };
  }
}

/** Places and dice are no content of the API: it names them. */
function contentOf({ text, place, dice }: Said): string {
  if (place) return '[位置]';
  if (dice === undefined) return text ?? '';
  const ext = Buffer.from(JSON.stringify({ text: '骰子' })).toString('base64');
  return `<faceType=3,faceId="358",ext="${ext}">`;
}

function json(body: object): Outgoing {
  return { status: 200, type: 'application/json', body: JSON.stringify(body) };
}

function refused(status: number, code: number, message: string): Outgoing {
  return { status, type: 'application/json', body: JSON.stringify({ message, code, err_code: code }) };
}

function bodyOf(call: Incoming): Json {
  try {
    const body: unknown = JSON.parse(call.body.toString('utf8'));
    return typeof body === 'object' && body !== null ? (body as Json) : {};
  } catch {
    return {};
  }
}
