/** One event into the adapter's matching ability, with the messages that it refers to. */
import { LRUCache } from 'lru-cache';
import {
  contentKind,
  deliveryKey,
  degradeMessage,
  HubError,
  inWords,
  isTel,
  leaves,
  levelOf,
  mediaFailureOf,
  mediaInWords,
  networkOf,
  PHRASES,
  plainText,
  toHubError,
  wordsOf,
  type Address,
  type Capabilities,
  type Degradation,
  type DurableEvent,
  type MediaUrl,
  type EventId,
  type MessageEvent,
  type Network,
  type NoticeEvent,
  type ReceiptEvent,
  type SuccessCode,
} from '#protocol';
import type {
  AnyAdapter,
  Delivered,
  DeliveryContext,
  MessageRef,
  ChangeContext,
} from './adapter.contract.js';
import type { Correlation } from './correlation.js';
import { piecesOf, type Piece, type Preparing } from './media/pieces.js';

export interface DeliveryResult {
  native: string[];
  /** What was lost on the way, as the event or the adapter says. */
  degradations?: Degradation[] | undefined;
  /** How it was taken, if not in the ordinary way. */
  code?: SuccessCode | undefined;
  keeps?: MediaUrl[] | undefined;
  /** Resolves when the correlation is stored. */
  stored: Promise<void>;
}

/** Older than this on arrival, a message shows its original time (XEP-0203, Matrix `ts`). */
const LATE_AFTER_MS = 10_000;
const NOTHING: DeliveryResult = { native: [], stored: Promise.resolve() };

export class Delivery {
  /** By reader and author, when the newest message that was read was taken. */
  private readonly readUpTo = new LRUCache<string, number>({ max: 20_000 });

  constructor(
    private readonly adapter: AnyAdapter,
    private readonly correlation: Correlation,
    private readonly media: Preparing,
  ) {}

  /** @throws HubError as the adapter does; 68 when the event came too late */
  async deliver(event: DurableEvent, uncertain: boolean, stopping: () => boolean): Promise<DeliveryResult> {
    if (isExpired(event) && !(uncertain && (await this.correlation.find(event.id, sourceOf(event)))))
      throw new HubError('68', `expired ${event.expirytime}`);
    if (stopping()) throw new HubError('91', 'the adapter is stopping');
    switch (event.type) {
      case 'im.hutong.message.v1':
        return this.message(event, uncertain);
      case 'im.hutong.receipt.v1':
        await this.receipt(event);
        return NOTHING;
      case 'im.hutong.report.v1':
        await this.adapter.showReport?.(
          event,
          await this.correlation.find(event.data.message, this.adapter.network),
        );
        return NOTHING;
      case 'im.hutong.contact.v1':
        if (!this.adapter.deliverContact) throw new HubError('12', 'this network has no contacts');
        await this.adapter.deliverContact(event);
        return NOTHING;
      case 'im.hutong.notice.v1':
        return this.message(spoken(event, this.adapter.capabilities()), uncertain);
      case 'im.hutong.group.v1':
      case 'im.hutong.call.v1':
        throw new HubError('12', `${event.type} is not supported by this adapter`);
    }
  }

  private async message(event: MessageEvent, uncertain: boolean): Promise<DeliveryResult> {
    if (uncertain) {
      const before = await this.correlation.find(event.id, sourceOf(event));
      if (before)
        return { native: before.native, code: before.code, keeps: before.keeps, stored: Promise.resolve() };
    }
    const key = deliveryKey(sourceOf(event), event.id);
    this.correlation.announce(key);
    if (!leaves(event.data.content.body).some(({ kind }) => kind === 'external')) this.media.textFlows();
    const shown = this.shown(event);
    const kind = contentKind(shown.data.content);
    const context = { idempotencyKey: key, uncertain, delayedSince: lateness(event), target: undefined };
    if (kind === 'new') return this.newMessage(shown, context);
    const target = await this.targetOf(event);
    const instead = this.wordsInstead(kind, target);
    if (instead !== undefined)
      return this.newMessage(
        inWords(shown, this.adapter.capabilities(), this.adapter.network, instead),
        context,
      );
    const delivered = await this.change(kind, shown, { ...context, target });
    const ref = this.refOf(event, delivered.native, delivered.conversation);
    return {
      ...delivered,
      degradations: shown.data.degradations,
      stored: this.correlation.store(ref, delivered.native),
    };
  }

  /** The switch degrades by what it last heard of us; the adapter itself has the last word. */
  private shown(event: MessageEvent): MessageEvent {
    const degraded = degradeMessage(event, this.adapter.capabilities(), this.adapter.network);
    if (degraded.verdict !== 'pass') throw new HubError('12', `${degraded.feature} is not shown here`);
    return degraded.event;
  }

  /**
   * Why a change is told in words: the network cannot show it, or not any more (WeChat lets a message be recalled for
   * two minutes, others let it be edited for a day).
   */
  private wordsInstead(kind: 'edit' | 'recall' | 'reaction', target: MessageRef): string | undefined {
    const capabilities = this.adapter.capabilities();
    if (levelOf(capabilities, kind) === 0) return 'sent as words';
    const { editAgeMs, recallAgeMs } = capabilities.limits;
    const limit = kind === 'edit' ? editAgeMs : kind === 'recall' ? recallAgeMs : undefined;
    return limit !== undefined && Date.now() - target.at > limit
      ? 'too old to change, sent as words'
      : undefined;
  }

  private async newMessage(event: MessageEvent, context: DeliveryContext): Promise<DeliveryResult> {
    const { inReplyTo } = event.data.content;
    const target = await this.referredTo(inReplyTo, event);
    const { pieces, degradations, failure } = await piecesOf(event, this.adapter.capabilities(), this.media);
    const native: string[] = [];
    let last: Delivered | undefined;
    const keeps: MediaUrl[] = [];
    let code: Delivered['code'] = failure;
    try {
      for (const [at, piece] of pieces.entries()) {
        last = await this.piece(piece, {
          ...context,
          idempotencyKey: piece.key,
          target: at === 0 ? target : undefined,
        });
        native.push(...last.native);
        keeps.push(...(last.keeps ?? []));
        code ??= mediaFailureOf(last.code);
      }
    } finally {
      for (const { medium } of pieces) await medium?.file[Symbol.asyncDispose]();
    }
    code ??= last?.code;
    const kept = keeps.length > 0 ? { keeps } : {};
    // All that the outcome says, should it not be stored and the event come again.
    const ref = { ...this.refOf(event, native, last?.conversation), code, ...kept };
    return {
      native,
      code,
      ...kept,
      degradations: degradations.length > 0 ? degradations : undefined,
      stored: this.correlation.store(ref, native),
    };
  }

  private async piece({ event, medium }: Piece, context: DeliveryContext): Promise<Delivered> {
    if (!medium) return this.adapter.deliver(event, context);
    if (!this.adapter.deliverMedia) throw new HubError('12', 'no media on this network');
    try {
      return await this.adapter.deliverMedia(event, medium, context);
    } catch (thrown) {
      const failure = mediaFailureOf(toHubError(thrown).code);
      if (!failure) throw thrown;
      const words = mediaInWords(medium.part, failure, PHRASES[this.adapter.capabilities().language]);
      return { ...(await this.adapter.deliver(inItsPlace(event, words), context)), code: failure };
    }
  }

  private change(kind: 'edit' | 'recall' | 'reaction', event: MessageEvent, context: ChangeContext) {
    const { adapter } = this;
    const missing = () => new HubError('12', `no ${kind} on this network`);
    switch (kind) {
      case 'edit':
        if (!adapter.deliverEdit) throw missing();
        return adapter.deliverEdit(event, context);
      case 'recall':
        if (!adapter.deliverRecall) throw missing();
        return adapter.deliverRecall(event, context);
      case 'reaction':
        if (!adapter.deliverReaction) throw missing();
        return adapter.deliverReaction(event, context);
    }
  }

  /** Only the author edits or recalls; only the two of a conversation react in it. */
  private async targetOf(event: MessageEvent): Promise<MessageRef> {
    const { replaces, inReplyTo } = event.data.content;
    const id = replaces ?? inReplyTo;
    const target = await this.referredTo(id, event);
    if (!target) throw new HubError('25', 'the message that this refers to never came here, or is too old');
    const { from, to } = event.data;
    if (replaces !== undefined && target.author !== from.address)
      throw new HubError('25', 'only its author may change a message');
    if (!isBetween(target, from.address, to))
      throw new HubError('25', 'the message is of another conversation');
    return target;
  }

  /** A message of the sender's network, or of this one; only the sender's may have an id that the kit did not make. */
  private async referredTo(id: EventId | undefined, event: MessageEvent): Promise<MessageRef | undefined> {
    return id === undefined ? undefined : this.correlation.find(id, sourceOf(event));
  }

  private async receipt(event: ReceiptEvent): Promise<void> {
    const { adapter } = this;
    if (!adapter.deliverReceipt || levelOf(adapter.capabilities(), event.data.status) <= 0) return;
    const found = await Promise.all(
      event.data.messages.map((id: EventId) => this.correlation.find(id, adapter.network)),
    );
    const { from, to, status } = event.data;
    const own = found.filter(
      (ref): ref is MessageRef => ref !== undefined && ref.author === to && isBetween(ref, from.address, to),
    );
    const news = status === 'read' ? this.laterThanRead(`${from.address} ${to}`, own) : own;
    if (news.length > 0) await adapter.deliverReceipt(event, news);
  }

  /** "Read" never moves back: who has read the newest message has not unread it by looking at an older one. */
  private laterThanRead(pair: string, refs: MessageRef[]): MessageRef[] {
    const upTo = this.readUpTo.get(pair) ?? 0;
    const later = refs.filter(({ at }) => at >= upTo);
    if (later.length > 0) this.readUpTo.set(pair, Math.max(...later.map(({ at }) => at)));
    return later;
  }

  private refOf(event: MessageEvent, native: string[], conversation: string | undefined): MessageRef {
    return {
      id: event.id,
      author: event.data.from.address,
      peer: event.data.to,
      native,
      conversation,
      at: Date.now(),
    };
  }
}

/** The words that are there anyway, and those in place of the medium. */
function inItsPlace(event: MessageEvent, words: string): MessageEvent {
  const { content } = event.data;
  const said = [words, wordsOf(content.body)].filter(Boolean).join('\n');
  return { ...event, data: { ...event.data, content: { ...content, body: plainText(said) } } };
}

/** What the hub has to say, as an ordinary message in the language of the network. */
function spoken({ data, ...event }: NoticeEvent, { language }: Capabilities): MessageEvent {
  const { from, to, text } = data;
  const content = { body: plainText(text[language]) };
  return { ...event, type: 'im.hutong.message.v1', data: { from, to, sentAt: event.time, content } };
}

/** Whoever was written to by his number answers under his own address. */
function isBetween({ author, peer }: MessageRef, one: Address, other: Address): boolean {
  if (author !== one && author !== other) return false;
  return isTel(peer) || peer === (author === one ? other : one);
}

function sourceOf({ data }: DurableEvent): Network {
  return networkOf(data.from.address);
}

function isExpired({ expirytime }: DurableEvent): boolean {
  return expirytime !== undefined && Date.parse(expirytime) < Date.now();
}

function lateness(event: MessageEvent): Date | undefined {
  const sent = Date.parse(event.time);
  return Date.now() - sent > LATE_AFTER_MS ? new Date(sent) : undefined;
}
