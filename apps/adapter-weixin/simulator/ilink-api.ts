/** The calls of a bot: `/ilink/bot/<name>`. */
import { Faults, type Clock, type Incoming, type Outgoing } from '#simulators';
import type { Bot } from './bot.js';
import { shownId, type MessageIds } from './ids.js';
import type { Login } from './login.js';
import type { Store } from './store.js';
import { NOTHING, refused, wire, type Fields } from './wire.js';

export interface ApiOptions {
  holdMs: number;
  /** Whether an old cursor brings messages again that were handed out. */
  repeats: boolean;
  quota: number;
}

export interface ApiParts {
  options: ApiOptions;
  login: Login;
  store: Store;
  clock: Clock;
  ids: MessageIds;
  faults: Faults;
  botOf: (token: string) => Bot | undefined;
  closing: AbortSignal;
}

const DAY_MS = 24 * 3600_000;
const MOST_BYTES = 16_384;
const OVER = refused(-14, 'session timeout');
const INVALID = 'invalid arguments';
const KINDS: Record<number, string> = { 2: 'image', 4: 'file', 5: 'video' };

export class ILinkApi {
  /** Base of the addresses, which goes to clients. */
  url = '';
  /** The next polls get the answer of the one before. */
  sameAgain = 0;
  /** The next messages are taken without an id, and nobody sees them. */
  swallowed = 0;
  /** Calls by name, for tests that look for them. */
  readonly calls: string[] = [];
  private lastPoll: Outgoing | undefined;

  constructor(private readonly parts: ApiParts) {}

  async answer(call: Incoming): Promise<Outgoing> {
    const [, name = ''] = /\/ilink\/bot\/(\w+)$/.exec(call.path) ?? [];
    this.calls.push(name);
    if (name === 'get_bot_qrcode') return this.newCode(call);
    if (name === 'get_qrcode_status') {
      const { login } = this.parts;
      return wire(
        await login.status(call.query.get('qrcode') ?? '', call.query.get('verify_code'), this.url),
      );
    }
    if (call.method !== 'POST') return NOTHING;
    const bot = this.parts.botOf(call.header('authorization').replace(/^Bearer /, ''));
    if (!bot || bot.isOver) return OVER;
    if (!isSigned(call)) return refused(-2, INVALID);
    return this.asBot(name, bot, JSON.parse(call.body.toString()) as Fields);
  }

  private newCode({ method, body }: Incoming): Outgoing {
    const { local_token_list: known = [] } =
      method === 'POST' ? (JSON.parse(body.toString()) as { local_token_list?: string[] }) : {};
    return wire(this.parts.login.newCode(known));
  }

  private async asBot(name: string, bot: Bot, body: Fields): Promise<Outgoing> {
    switch (name) {
      case 'notifystart':
      case 'notifystop':
        bot.isStarted = name === 'notifystart';
        return wire({ ret: 0, errmsg: '' });
      case 'getupdates':
        return this.updates(bot, (body as { get_updates_buf?: string }).get_updates_buf ?? '');
      case 'sendmessage':
        return this.send(bot, (body['msg'] ?? {}) as Fields);
      case 'getuploadurl':
        return body['to_user_id'] === bot.person.native
          ? wire(this.parts.store.begin(body))
          : refused(-1, 'upload failed');
      case 'getconfig':
        return bot.person.lastWroteAt === undefined
          ? refused(-4, 'GetTypingTicket rpc failed')
          : wire({ ret: 0, typing_ticket: bot.ticket });
      case 'sendtyping':
        return this.typing(bot, body);
      default:
        return NOTHING;
    }
  }

  private async updates(bot: Bot, cursor: string): Promise<Outgoing> {
    if (this.sameAgain > 0 && this.lastPoll) {
      this.sameAgain--;
      return this.lastPoll;
    }
    const found = await bot.after(cursor, { ...this.parts.options, closing: this.parts.closing });
    if (bot.isOver) return OVER;
    if (!found) return refused(-3, INVALID);
    // A success has no `ret`.
    const answer = wire({ msgs: found.messages, get_updates_buf: found.cursor });
    if (found.messages.length > 0) this.lastPoll = answer;
    return answer;
  }

  private send(bot: Bot, msg: Fields): Outgoing {
    const { faults, ids } = this.parts;
    const refusal = faults.takeRefusal();
    if (refusal === 429) return { status: 429, type: 'text/plain', body: '' };
    if (refusal !== undefined) return refused(refusal, refusal === -2 ? 'rate limited' : 'refused');
    const wrong = this.wrongIn(bot, msg);
    if (wrong) return wrong;
    const silence = faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    if (this.swallowed > 0 && this.swallowed-- > 0) return wire({ ret: 0 });
    const client = String(msg['client_id']);
    // The same id again: taken, and shown once.
    const known = bot.taken.get(client);
    const id = known ?? ids.next();
    if (known === undefined) {
      bot.taken.set(client, id);
      bot.person.received++;
      this.show(bot, id, (msg['item_list'] as Fields[])[0] ?? {});
    }
    return silence === 'taken' ? 'hang-up' : wire({ ret: 0, message_id: id });
  }

  private wrongIn({ person, contexts, taken }: Bot, msg: Fields): Outgoing | undefined {
    const {
      to_user_id: to,
      client_id: client,
      item_list: items,
      message_type,
      message_state,
      context_token,
    } = msg;
    if (!Array.isArray(items) || items.length !== 1 || message_type !== 2 || message_state !== 2)
      return refused(-2, INVALID);
    if (typeof client !== 'string' || client === '') return refused(-2, INVALID);
    if (to !== person.native) return refused(-3, INVALID);
    if (context_token !== undefined && !contexts.has(context_token as string)) return refused(-3, INVALID);
    const { text = '' } = ((items[0] as Fields)['text_item'] ?? {}) as { text?: string };
    if (Buffer.byteLength(text) > MOST_BYTES) return refused(-2, 'prepare failed');
    if (taken.has(client)) return undefined;
    const { clock, options } = this.parts;
    const isClosed = person.lastWroteAt === undefined || clock.now() - person.lastWroteAt >= DAY_MS;
    return isClosed || person.received >= options.quota ? refused(-2, 'unknown error') : undefined;
  }

  private show({ person }: Bot, id: bigint, item: Fields): void {
    const { store } = this.parts;
    const about = { id: shownId(person.native, id) };
    const { text } = (item['text_item'] ?? {}) as { text?: string };
    if (item['type'] === 1) return person.receive({ kind: 'text', ...about, text: text ?? '' });
    const kind = KINDS[Number(item['type'])];
    // Recordings of a bot are taken and not shown.
    if (kind === undefined) return;
    const { media, file_name } = (item[`${kind}_item`] ?? {}) as { media?: Fields; file_name?: string };
    const content = store.read(media);
    if (!content) return person.receive({ kind: 'text', ...about, text: '(a grey picture)' });
    const key = String(id);
    store.shown.set(key, content);
    const shown = {
      url: `${this.url}/shown/${key}`,
      ...(file_name === undefined ? {} : { name: file_name }),
    };
    person.receive({ kind: 'media', ...about, state: kind, media: shown });
  }

  private typing({ person, ticket }: Bot, { ilink_user_id: who, typing_ticket, status }: Fields): Outgoing {
    if (who !== person.native) return refused(-2, 'ilink_user_id required');
    if (typing_ticket !== ticket) return refused(-4, 'bad ticket');
    const id = `typing-${person.timeline.length + 1}`;
    person.receive({ kind: 'typing', id, state: status === 1 ? 'composing' : 'paused' });
    return wire({ ret: 0, errmsg: '' });
  }
}

/** Every call of a bot has these headers; a number in `X-WECHAT-UIN` is new each time. */
function isSigned(call: Incoming): boolean {
  const header = (name: string) => call.header(name);
  const number = Buffer.from(header('x-wechat-uin'), 'base64').toString();
  return (
    header('authorizationtype') === 'ilink_bot_token' &&
    header('ilink-app-id') === 'bot' &&
    Number(header('ilink-app-clientversion')) >= 2 << 16 &&
    /^\d{1,10}$/.test(number) &&
    Number(number) <= 0xff_ff_ff_ff
  );
}
