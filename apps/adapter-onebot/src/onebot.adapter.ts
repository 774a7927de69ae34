/**
 * The hub as an implementation of OneBot 11: bots that were written for QQ connect to it as to NapCat or go-cqhttp, and people
 * of all networks write to them. A bot is a subscriber; a person of another network has a number there.
 */
import type { Server } from 'node:http';
import {
  Connectivity,
  firstNative,
  type Adapter,
  type AttachmentDelivering,
  type AttachmentOpening,
  type AttachTools,
  type ChangeContext,
  type Delivered,
  type DeliveryContext,
  type Hub,
  type MessageRef,
  type OutgoingAttachment,
  type RecallDelivering,
  type ReportShowing,
  type Resolving,
} from '#adapter-kit';
import type { Segment } from '#onebot';
import {
  HubError,
  nativeOf,
  type Address,
  type MessageEvent,
  type Network,
  type ReportEvent,
  type ResolveReply,
} from '#protocol';
import { runInBackground, type Log } from '#service';
import { Actions } from './actions.js';
import { failureEvent, messageEvent, nameOf, recallEvent, segmentsOf } from './from-canonical.js';
import { Friends } from './friends.js';
import { messageIdIn, MessageIds, nativeIdOf } from './message-ids.js';
import { capabilitiesWith } from './onebot.capabilities.js';
import type { Bot } from './onebot.config.js';
import { BotConnections } from './onebot.connection.js';
import { failedWith } from './onebot.errors.js';
import { People } from './people.js';
import { Pictures } from './pictures.js';

/** What exists from the start of the adapter on. */
interface Running {
  hub: Hub;
  people: People;
  friends: Friends;
  ids: MessageIds;
  actions: Actions;
  pictures: Pictures;
}

export class OneBotAdapter implements Adapter, RecallDelivering, AttachmentOpening, ReportShowing, Resolving {
  readonly connectivity = new Connectivity();
  /** A bot that is called, and one with two WebSockets, would get events from two processes. */
  readonly worksAlone = true;
  /** Where bots can download pictures. */
  readonly deliverAttachment?: AttachmentDelivering['deliverAttachment'];
  private readonly bots: ReadonlyMap<string, Bot>;
  private readonly connections: BotConnections;
  private running: Running | undefined;

  constructor(
    readonly network: Network,
    bots: readonly Bot[],
    private readonly mediaUrl: string | undefined,
    private readonly log: Log,
  ) {
    if (mediaUrl !== undefined)
      this.deliverAttachment = (event, medium, context) => this.picture(event, medium, context);
    this.bots = new Map(bots.map((bot) => [String(bot.selfId), bot]));
    this.connections = new BotConnections(
      bots,
      {
        act: (bot, frame) => this.carryOut(bot, frame),
        operate: (bot, context, operation) =>
          this.started.actions.later(bot, '.handle_quick_operation', { context, operation }),
      },
      this.connectivity,
      log,
    );
  }

  capabilities() {
    return capabilitiesWith(this.mediaUrl);
  }

  attach(server: Server, tools: Pick<AttachTools, 'refusals' | 'proofs'>): void {
    this.connections.attach(server, tools);
  }

  start(hub: Hub): Promise<void> {
    const people = new People(hub.memory);
    const friends = new Friends(hub.memory);
    const ids = new MessageIds(hub.memory);
    const actions = new Actions({ hub, network: this.network, people, friends, ids });
    const pictures = new Pictures(hub, this.mediaUrl ?? '');
    this.running = { hub, people, friends, ids, actions, pictures };
    this.connections.start();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.connections.stop();
    return Promise.resolve();
  }

  deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    return this.say(this.listening(event.data.to), event, context, []);
  }

  private async picture(
    event: MessageEvent,
    { file }: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const bot = this.listening(event.data.to);
    const { segment, keeps } = await this.pictures.segmentOf(bot, file);
    return { ...(await this.say(bot, event, context, [segment])), keeps };
  }

  /** OneBot has no key by which a bot knows a message that comes again: it is sent at most once. */
  private async say(
    bot: Bot,
    event: MessageEvent,
    context: DeliveryContext,
    media: Segment[],
  ): Promise<Delivered> {
    const { hub, people, friends, ids, actions } = this.started;
    const { from } = event.data;
    const { selfId } = bot;
    const userId = await people.numberOf(from.address);
    runInBackground('friends of a bot', this.log, () => friends.met(selfId, userId, nameOf(from)));
    const quotes = context.target && messageIdIn(firstNative(context.target));
    const send = async (): Promise<Delivered> => {
      const messageId = await ids.next(selfId);
      const about = { selfId, userId, messageId, at: context.delayedSince ?? new Date() };
      const message = messageEvent(about, from, [...segmentsOf(event, quotes), ...media]);
      actions.keep(bot, message);
      await this.connections.say(bot, message);
      return { native: [nativeIdOf(selfId, messageId)] };
    };
    return hub.atMostOnce(context.idempotencyKey, send, context.uncertain);
  }

  async deliverRecall({ data }: MessageEvent, { piece }: ChangeContext): Promise<Delivered> {
    const bot = this.listening(data.to);
    await this.connections.say(bot, recallEvent(await this.about(bot, data.from.address, piece.id)));
    return { native: [] };
  }

  async showReport(event: ReportEvent, target: MessageRef | undefined): Promise<void> {
    const bot = this.listening(event.data.to);
    const native = target ? firstNative(target) : nativeIdOf(bot.selfId, 0);
    await this.connections.say(
      bot,
      failureEvent(await this.about(bot, event.data.from.address, native), event),
    );
  }

  resolve(address: Address): Promise<ResolveReply> {
    const bot = this.botOf(nativeOf(address));
    if (!bot) return Promise.resolve({ code: '14' });
    return Promise.resolve({ code: '00', party: { address, displayName: bot.name } });
  }

  openAttachment({ url = '' }: Record<string, string>, signal: AbortSignal) {
    return this.started.hub.attachments.download(url, signal);
  }

  get pictures(): Pictures {
    return this.started.pictures;
  }

  botOf(number: string): Bot | undefined {
    return this.bots.get(number);
  }

  botWith(token: string): Bot | undefined {
    return this.connections.botWith(token);
  }

  /** Carries out an action. @returns the response */
  act(selfId: number, request: object): Promise<object> {
    const bot = this.botOf(String(selfId));
    if (!bot) return Promise.resolve(failedWith(new HubError('14', `no bot has the number ${selfId}`)));
    return this.carryOut(bot, Buffer.from(JSON.stringify(request)));
  }

  private async about({ selfId }: Bot, person: Address, native: string) {
    const userId = await this.started.people.numberOf(person);
    return { selfId, userId, messageId: messageIdIn(native), at: new Date() };
  }

  private carryOut(bot: Bot, frame: Buffer): Promise<object> {
    const { running } = this;
    if (running) return running.actions.carryOut(bot, frame);
    return Promise.resolve(failedWith(new HubError('91', 'the adapter is starting')));
  }

  /** @throws HubError 14 for a number that no bot has, 91 while it is not connected */
  private listening(address: Address): Bot {
    const bot = this.botOf(nativeOf(address));
    if (!bot) throw new HubError('14', `no bot has the number ${nativeOf(address)}`);
    if (!this.connections.hears(bot)) throw new HubError('91', `bot ${bot.selfId} is not connected`);
    return bot;
  }

  /** @throws HubError 91 before the start */
  private get started(): Running {
    if (!this.running) throw new HubError('91', 'the adapter is not started');
    return this.running;
  }
}
