/** What a bot may ask for. Every other action of OneBot 11 is answered with 1404. */
import type { Hub, MessageRef, NativeAttachment } from '#adapter-kit';
import {
  addressOf,
  bodyOf,
  EMPTY,
  HubError,
  networkOf,
  recipientIn,
  toHubError,
  type Address,
  type LeafPart,
  type Network,
} from '#protocol';
import { hutongVersion, JsonRefused, LruCache, readJson, runInBackground, sleep } from '#service';
import { nameOf, type OneBotMessage } from './from-canonical.js';
import type { Friends } from './friends.js';
import { nativeIdOf, type MessageIds } from './message-ids.js';
import type { Bot } from './onebot.config.js';
import { STATUS } from './onebot.connection.js';
import { BAD_REQUEST, failed, failedWith, NO_SUCH_ACTION } from './onebot.errors.js';
import type { People } from './people.js';
import { ActionFrame, readQuickReply, readSaid, type Medium, type Params } from './to-canonical.js';

const BOUNDS = { depth: 16, values: 20_000 };
/** Messages that `get_msg` finds, of all bots together. */
const MAX_KEPT = 5000;
/** The reference to a message is stored within this time after it was shown. */
const FRESH_MS = 5000;
const POLL_MS = 20;
const MAX_RECORDED = 10_000;
const TASK = 'action of a bot';

export interface ActionTools {
  hub: Hub;
  network: Network;
  people: People;
  friends: Friends;
  ids: MessageIds;
}

type Action = (bot: Bot, params: Params) => Promise<object | null>;

export class Actions {
  private readonly kept = new LruCache<string, OneBotMessage>({ max: MAX_KEPT });
  private readonly fresh = new LruCache<string, true>({ max: MAX_KEPT, ttl: FRESH_MS });
  private readonly table: Readonly<Record<string, Action>>;

  constructor(private readonly tools: ActionTools) {
    this.table = {
      send_private_msg: (bot, params) => this.send(bot, params['user_id'], params),
      send_msg: (bot, params) => this.sendAnywhere(bot, params),
      delete_msg: (bot, params) => this.recall(bot, params),
      get_msg: (bot, params) => Promise.resolve(this.messageOf(bot, params)),
      '.handle_quick_operation': (bot, params) => this.answerQuickly(bot, params),
      get_login_info: ({ selfId, name }) => Promise.resolve({ user_id: selfId, nickname: name }),
      get_stranger_info: (bot, params) => this.stranger(bot, params),
      get_friend_list: (bot) => this.tools.friends.of(bot),
      get_group_list: () => Promise.resolve([]),
      get_status: () => Promise.resolve(STATUS),
      get_version_info: () => Promise.resolve(VERSION),
      can_send_image: () => Promise.resolve({ yes: true }),
      can_send_record: () => Promise.resolve({ yes: true }),
    };
  }

  /** Remembers what is shown to a bot, before it is: a bot may ask for it, or answer it, at once. */
  keep({ selfId }: Bot, message: OneBotMessage): void {
    const native = nativeIdOf(selfId, message.message_id);
    this.kept.set(native, message);
    this.fresh.set(native, true);
  }

  /** @returns the response, with the `echo` of the request. Never rejects */
  async carryOut(bot: Bot, frame: Buffer): Promise<object> {
    const read = ActionFrame.safeParse(await jsonIn(frame));
    if (!read.success) return failed(BAD_REQUEST, 'expected { "action": …, "params": { … }, "echo": … }');
    const { action: name, params, echo } = read.data;
    const response = await this.response(bot, name, params ?? {});
    return echo === undefined ? response : { ...response, echo };
  }

  /** Carries out an action in the background. */
  later(bot: Bot, name: string, params: Params): void {
    const action = this.table[name];
    if (action) runInBackground(TASK, this.tools.hub.log, () => this.carryOutLater(action, bot, params));
  }

  private async response(bot: Bot, name: string, params: Params): Promise<object> {
    const [, plain = name, suffix] = /^(.*?)(_async|_rate_limited)?$/.exec(name) ?? [];
    const action = Object.hasOwn(this.table, plain) ? this.table[plain] : undefined;
    if (!action) return failed(NO_SUCH_ACTION, `the hub has no action "${name}"`);
    if (suffix !== undefined) {
      this.later(bot, plain, params);
      return { status: 'async', retcode: 1, data: null };
    }
    try {
      return { status: 'ok', retcode: 0, data: await action(bot, params) };
    } catch (thrown) {
      return failedWith(toHubError(thrown));
    }
  }

  /** The bot has its response already: what fails is recorded. */
  private async carryOutLater(action: Action, bot: Bot, params: Params): Promise<void> {
    try {
      await action(bot, params);
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      const native = JSON.stringify(params).slice(0, MAX_RECORDED);
      this.tools.hub.notCarried({ kind: 'refused', why: `${code} ${detail}`, native });
    }
  }

  private sendAnywhere(bot: Bot, params: Params): Promise<object> {
    const { message_type: type, user_id: user } = params;
    if (type === 'group' || (type !== 'private' && user === undefined))
      return Promise.reject(new HubError('12', 'the hub shows no groups to bots'));
    return this.send(bot, user, params);
  }

  /** Resolves when the message is stored. Messages to one person are stored in the order of the calls. */
  private send(bot: Bot, user: unknown, params: Params): Promise<{ message_id: number }> {
    const { hub, ids } = this.tools;
    return hub.inbound.begin(`${bot.selfId} ${String(user)}`, async () => {
      const said = readSaid(params);
      const to = await this.abroad(user);
      const target = said.quotes && (await this.crossed(nativeIdOf(bot.selfId, said.quotes)));
      const media: NativeAttachment[] = [];
      const parts: LeafPart[] = [];
      for (const medium of said.media) await this.add(medium, parts, media);
      parts.push(...said.parts);
      const id = await ids.next(bot.selfId);
      const stored = hub.submitMessage({
        nativeId: nativeIdOf(bot.selfId, id),
        from: { address: this.addressOf(bot), displayName: bot.name },
        to,
        sentAt: new Date(),
        content: { body: bodyOf(parts), ...(target ? { inReplyTo: target.id } : {}) },
        ...(media.length > 0 ? { media } : {}),
      });
      return { stored: stored.then(() => ({ message_id: id })) };
    });
  }

  /** A bot answers within milliseconds: the reference to what it was told may still be on its way to the disk. */
  private async crossed(native: string): Promise<MessageRef | undefined> {
    for (;;) {
      const found = await this.tools.hub.findNative(native);
      if (found || !this.fresh.has(native)) return found;
      await sleep(POLL_MS);
    }
  }

  private async add(medium: Medium, parts: LeafPart[], media: NativeAttachment[]): Promise<void> {
    if ('url' in medium) {
      const { url, ...about } = medium;
      media.push({ ...about, source: { url } });
    } else {
      const { bytes, ...about } = medium;
      parts.push(await this.tools.hub.attachments.take(chunks(bytes), about));
    }
  }

  private recall(bot: Bot, { message_id: given }: Params): Promise<null> {
    const { hub } = this.tools;
    const native = nativeIdOf(bot.selfId, textOf(given, 'message_id'));
    const from = { address: this.addressOf(bot), displayName: bot.name };
    return hub.inbound.run(`${bot.selfId} recall ${native}`, async () => {
      const target = await hub.findNative(native);
      if (target?.author !== hub.canonical(from.address))
        throw new HubError('25', 'message_id: not a message of this bot, or older than 30 days');
      const to = recipientIn(target.within, from.address);
      const content = { body: EMPTY, replaces: target.id };
      await hub.submitMessage({ nativeId: `${native}.recall`, from, to, sentAt: new Date(), content });
      return null;
    });
  }

  private messageOf({ selfId }: Bot, { message_id: given }: Params): object {
    const kept = this.kept.get(nativeIdOf(selfId, textOf(given, 'message_id')));
    if (!kept) throw new HubError('14', 'message_id: no message that this bot was shown lately');
    return { ...kept, real_id: kept.message_id };
  }

  private async answerQuickly(bot: Bot, params: Params): Promise<null> {
    const answer = readQuickReply(params);
    if (answer) await this.send(bot, answer.user, answer.params);
    return null;
  }

  private async stranger(bot: Bot, { user_id: user }: Params): Promise<object> {
    const { hub, people } = this.tools;
    const address = hub.canonical(await this.abroad(user));
    const { code, party, detail } = await hub.resolve(address, this.addressOf(bot));
    if (code !== '00') throw new HubError(code, detail ?? 'there is no such person');
    const user_id = await people.numberOf(address);
    return { user_id, nickname: nameOf(party ?? { address }), sex: 'unknown', age: 0, address };
  }

  /** @throws HubError 14, 30, 91 */
  private async abroad(user: unknown): Promise<Address> {
    const address = await this.tools.people.find(user);
    if (networkOf(address) === this.tools.network)
      throw new HubError('30', 'user_id: bots reach people of other networks only');
    return address;
  }

  private addressOf({ selfId }: Bot): Address {
    return addressOf(this.tools.network, String(selfId));
  }
}

const VERSION = {
  app_name: 'hutong',
  app_version: hutongVersion(),
  protocol_version: 'v11',
};

async function jsonIn(frame: Buffer): Promise<unknown> {
  try {
    return await readJson(frame, BOUNDS);
  } catch (error) {
    if (error instanceof JsonRefused) return undefined;
    throw error;
  }
}

/** Ids are numbers; some bots keep them as texts. @throws HubError 30 */
function textOf(given: unknown, name: string): string {
  if ((typeof given === 'number' || typeof given === 'string') && /^-?\d{1,20}$/.test(String(given)))
    return String(given);
  throw new HubError('30', `${name}: expected a number`);
}

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
