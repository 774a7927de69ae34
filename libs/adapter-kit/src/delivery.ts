/** Delivers one event: finds the messages that it refers to, degrades it, and calls the adapter's matching ability. */
import {
  DEGRADATION_RULES,
  contentKind,
  deliveryKey,
  HubError,
  isTel,
  leaves,
  levelOf,
  networkOf,
  plainText,
  recipientIn,
  type Basis,
  type CallEvent,
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
import { degradeMessage, inWords } from '#degradation';
import { LruCache } from '#service';
import type { AboutCall, DeliveryContext, MessageRef } from './delivered.contract.js';
import { wordsInPlace } from './calls/call-words.js';
import type { DeliveryOptions } from './delivery-options.js';
import { Changes } from './changes.js';
import { keyOf } from './correlation.js';
import { originalTimeOf } from './original-time.js';
import { firstPiece, nativePieces } from './native-pieces.js';
import { emptyRef, NewMessages } from './new-messages.js';
import { isToldByOutcome } from './stored-messages.js';

export interface DeliveryResult {
  native: string[];
  /** What could not be shown in its own form, with the rule that replaced it. */
  degradations?: Degradation[] | undefined;
  /** Result code, if other than 00. */
  code?: SuccessCode | undefined;
  keeps?: MediaUrl[] | undefined;
  /** The network reports later what became of the message. */
  submitted?: true | undefined;
  /** Whose word it is, if other than the network's. */
  basis?: Basis | undefined;
  /** An earlier attempt had delivered it. */
  again?: true;
  /** Of a message whose outcome is its reference: nothing else is stored. */
  reference?: MessageRef | undefined;
  /** Resolves when the correlation is stored. */
  stored: Promise<void>;
}

const NOTHING: DeliveryResult = { native: [], stored: Promise.resolve() };

export class Delivery {
  /** Key: reader + conversation. Value: `at` of the newest message that was read. */
  private readonly readUpTo = new LruCache<string, number>({ max: 20_000 });

  private readonly messages: NewMessages;
  private readonly changes: Changes;

  constructor(private readonly options: DeliveryOptions) {
    this.messages = new NewMessages(options);
    this.changes = new Changes(options, this.messages);
  }

  /** @throws HubError as the adapter does; 68 when the event has expired and no earlier attempt delivered it */
  async deliver(event: DurableEvent, uncertain: boolean, stopping: () => boolean): Promise<DeliveryResult> {
    if (isExpired(event) && !(uncertain && (await this.options.correlation.find(event.id, sourceOf(event)))))
      throw new HubError('68', `expired ${event.expirytime}`);
    if (stopping()) throw new HubError('91', 'the adapter is stopping');
    switch (event.type) {
      case 'im.hutong.message.v1':
        return this.message(event, uncertain, true);
      case 'im.hutong.receipt.v1':
        await this.receipt(event);
        return NOTHING;
      case 'im.hutong.report.v1':
        await this.options.calls?.reported(event);
        await this.options.adapter.showReport?.(
          event,
          await this.options.correlation.findReported(event.data.message),
        );
        return NOTHING;
      case 'im.hutong.contact.v1':
        if (!this.options.adapter.deliverContact) throw new HubError('12', 'this network has no contacts');
        await this.options.adapter.deliverContact(event);
        return NOTHING;
      case 'im.hutong.notice.v1':
        return this.message(spoken(event, this.options.capabilities()), uncertain, false);
      case 'im.hutong.call.v1':
        return this.call(event, uncertain);
      case 'im.hutong.group.v1':
        throw new HubError('12', `${event.type} is not supported by this adapter`);
    }
  }

  /**
   * Words of the kit about a call, which no event brings. Once for the same event, however often it is called.
   * @throws HubError as the adapter does
   */
  async say(event: MessageEvent, call: AboutCall): Promise<void> {
    const { stored } = await this.message(event, true, false, call);
    await stored;
  }

  private async call(event: CallEvent, uncertain: boolean): Promise<DeliveryResult> {
    const { adapter, calls, correlation, capabilities } = this.options;
    if (adapter.deliverCall) {
      await adapter.deliverCall(event);
      return NOTHING;
    }
    if (!calls || levelOf(capabilities(), 'call') < 0) throw new HubError('12', 'calls are not shown here');
    const before = uncertain ? await correlation.find(event.id, sourceOf(event)) : undefined;
    if (before && !before.unfinished) return { ...resultOf(before), again: true, stored: Promise.resolve() };
    const said = await calls.take(event, (words, about) =>
      this.message(wordsInPlace(event, words), uncertain, false, about),
    );
    return said ?? NOTHING;
  }

  /**
   * @param hasOutcome an outcome of it is published, which can be its reference
   * @param call that it is about
   */
  private async message(
    event: MessageEvent,
    uncertain: boolean,
    hasOutcome: boolean,
    call?: AboutCall,
  ): Promise<DeliveryResult> {
    const before = uncertain ? await this.options.correlation.find(event.id, sourceOf(event)) : undefined;
    if (before && !before.unfinished) return this.again(event, before, hasOutcome);
    const key = deliveryKey(sourceOf(event), event.id);
    this.options.correlation.announce(key);
    if (!leaves(event.data.content.body).some(({ kind }) => kind === 'external'))
      this.options.attachments.pauseTransfersForText();
    const shown = this.shown(event);
    const kind = contentKind(shown.data.content);
    const delayedSince = originalTimeOf(event, this.options.capabilities());
    const about = call ? { call } : {};
    const context = { idempotencyKey: key, uncertain, delayedSince, target: undefined, ...about };
    if (kind === 'new') return this.newMessage(shown, context, before, hasOutcome);
    const target = await this.targetOf(event);
    const instead = this.wordsInstead(kind, shown, target);
    if (instead !== undefined) return this.changeInWords(shown, context, target, instead, before);
    return this.change(kind, shown, context, target, before);
  }

  /** The one place where content for this network is degraded: the switch only refuses what it drops or rejects. */
  private shown(event: MessageEvent): MessageEvent {
    const degraded = degradeMessage(event, this.options.capabilities(), this.options.adapter.network);
    if (degraded.verdict !== 'pass') throw new HubError('12', `${degraded.feature} is not shown here`);
    return degraded.event;
  }

  /**
   * Why an edit, recall or reaction is sent in words; undefined: it is sent in its own form. The network cannot show it, or
   * not any more (WeChat recalls a message for two minutes, others edit it for a day), or gave no id of the message.
   */
  private wordsInstead(
    kind: 'edit' | 'recall' | 'reaction',
    { data }: MessageEvent,
    target: MessageRef,
  ): string | undefined {
    const capabilities = this.options.capabilities();
    if (levelOf(capabilities, kind) === 0) return DEGRADATION_RULES.changeInWords;
    if (target.native.length === 0) return DEGRADATION_RULES.noNativeId;
    const { editAgeMs, recallAgeMs } = capabilities.limits;
    const limit = kind === 'edit' ? editAgeMs : kind === 'recall' ? recallAgeMs : undefined;
    if (limit !== undefined && Date.now() - target.at > limit) return DEGRADATION_RULES.tooOld;
    const otherMedia = kind === 'edit' && leaves(data.content.body).some((part) => part.kind === 'external');
    return otherMedia && !this.changes.recalls(target) ? DEGRADATION_RULES.sentAgain : undefined;
  }

  private async newMessage(
    event: MessageEvent,
    context: DeliveryContext,
    before: MessageRef | undefined,
    hasOutcome: boolean,
  ): Promise<DeliveryResult> {
    const { inReplyTo } = event.data.content;
    const target = await this.referredTo(inReplyTo, event);
    const { ref, fresh, degradations } = await this.messages.send(event, { ...context, target }, before);
    const { correlation } = this.options;
    const isTold = hasOutcome && before === undefined && correlation.readsRecords && isToldByOutcome(ref);
    if (!isTold) return { ...resultOf(ref), degradations, stored: correlation.store(ref, fresh) };
    correlation.rememberUntold(ref);
    return { ...resultOf(ref), degradations, reference: ref, stored: Promise.resolve() };
  }

  /** The outcome is the reference if it was not stored before: the attempt may have ended before it was. */
  private again(event: MessageEvent, before: MessageRef, hasOutcome: boolean): DeliveryResult {
    const isTold =
      hasOutcome &&
      this.options.correlation.readsRecords &&
      contentKind(event.data.content) === 'new' &&
      before.native.length <= 1;
    return {
      ...resultOf(before),
      again: true,
      ...(isTold ? { reference: before } : {}),
      stored: Promise.resolve(),
    };
  }

  /** The words of an edit or recall become part of the message: a later recall removes them too, and a reply to them is a reply to the message. */
  private async changeInWords(
    event: MessageEvent,
    context: DeliveryContext,
    target: MessageRef,
    rule: string,
    before: MessageRef | undefined,
  ): Promise<DeliveryResult> {
    const kind = contentKind(event.data.content);
    const said = inWords(event, this.options.capabilities(), this.options.adapter.network, rule);
    const of = kind === 'reaction' ? context.idempotencyKey : keyOf(target);
    const { ref, fresh, degradations } = await this.messages.send(said, context, before, of);
    const changed = kind === 'reaction' ? undefined : withWords(target, ref);
    const store = async () => {
      // The message first: an attempt that is interrupted between the two is repeated, and finds its words in the message.
      if (changed) await this.options.correlation.store(changed, []);
      await this.options.correlation.store(ref, fresh, of);
    };
    return { ...resultOf(ref), degradations, stored: store() };
  }

  private async change(
    kind: 'edit' | 'recall' | 'reaction',
    event: MessageEvent,
    context: DeliveryContext,
    target: MessageRef,
    before: MessageRef | undefined,
  ): Promise<DeliveryResult> {
    const { degradations } = event.data;
    if (kind === 'reaction') {
      if (!this.options.adapter.deliverReaction) throw new HubError('12', 'no reaction on this network');
      const piece = firstPiece(target);
      const { native, conversation } = await this.options.adapter.deliverReaction(event, {
        ...context,
        target,
        piece,
      });
      const ref = { ...emptyRef(event), native, conversation };
      return { native, degradations, stored: this.options.correlation.store(ref, native) };
    }
    const changed = await this.changes[kind](event, context, target, before);
    const { native } = changed;
    const ref = { ...emptyRef(event), native, conversation: changed.target.conversation };
    const store = async () => {
      await this.options.correlation.store(changed.target, []);
      await this.options.correlation.store(ref, native, keyOf(target));
    };
    return { native, degradations: changed.degradations ?? degradations, stored: store() };
  }

  /** @throws HubError 25 when the target is unknown, when another person than its author changes it, or when it is in another conversation */
  private async targetOf(event: MessageEvent): Promise<MessageRef> {
    const { replaces, inReplyTo } = event.data.content;
    const id = replaces ?? inReplyTo;
    const target = await this.referredTo(id, event);
    if (!target) throw new HubError('25', 'the message that this refers to never came here, or is too old');
    if (replaces !== undefined && target.author !== event.data.from.address)
      throw new HubError('25', 'only its author may change a message');
    if (!isInConversationOf(target, event))
      throw new HubError('25', 'the message is of another conversation');
    return target;
  }

  /** Finds a message by an id in the event: ids are scoped to the sender's network. */
  private async referredTo(id: EventId | undefined, event: MessageEvent): Promise<MessageRef | undefined> {
    return id === undefined ? undefined : this.options.correlation.find(id, sourceOf(event));
  }

  private async receipt(event: ReceiptEvent): Promise<void> {
    const { adapter, correlation } = this.options;
    if (!adapter.deliverReceipt || levelOf(this.options.capabilities(), event.data.status) <= 0) return;
    const found = await Promise.all(
      event.data.messages.map((id: EventId) => correlation.find(id, adapter.network)),
    );
    const { from, to, status } = event.data;
    const own = found.filter(
      (ref): ref is MessageRef => ref !== undefined && ref.author === to && isInConversationOf(ref, event),
    );
    const news = status === 'read' ? this.laterThanRead(`${from.address} ${event.subject}`, own) : own;
    if (news.length > 0) await adapter.deliverReceipt(event, news);
  }

  /** Leaves out messages older than the newest one that was read: "read" never moves back. */
  private laterThanRead(reading: string, refs: MessageRef[]): MessageRef[] {
    const upTo = this.readUpTo.get(reading) ?? 0;
    const later = refs.filter(({ at }) => at >= upTo);
    if (later.length > 0) this.readUpTo.set(reading, Math.max(...later.map(({ at }) => at)));
    return later;
  }
}

function resultOf({ native, code, keeps, submitted, basis }: MessageRef): Omit<DeliveryResult, 'stored'> {
  return { native, code, submitted, basis, ...(keeps ? { keeps } : {}) };
}

/**
 * Adds the native messages of an edit or a recall in words: what the network reports of them is about the change. They carry no
 * `words` of the message, so a later edit does not replace them.
 */
function withWords(target: MessageRef, { native, ...change }: MessageRef): MessageRef {
  const fresh = native.filter((one) => !target.native.includes(one));
  return {
    ...target,
    native: [...target.native, ...fresh],
    pieces: [...nativePieces(target), ...fresh.map((id) => ({ id, changedBy: keyOf(change) }))],
  };
}

/** A notice of the hub as an ordinary message, in the language of the network. */
function spoken({ data, ...event }: NoticeEvent, { language }: Capabilities): MessageEvent {
  const { from, to, text } = data;
  const content = { body: plainText(text[language]) };
  return { ...event, type: 'im.hutong.message.v1', data: { from, to, sentAt: event.time, content } };
}

/**
 * Whether the message and the event are in the same conversation. A person who was addressed by telephone number replies under
 * their own address.
 */
function isInConversationOf(
  { author, within }: MessageRef,
  { data: { from, to } }: MessageEvent | ReceiptEvent,
): boolean {
  switch (within.kind) {
    case 'group':
      return to === within.group;
    case 'direct': {
      if (author !== from.address && author !== to) return false;
      const peer = recipientIn(within, author);
      return isTel(peer) || peer === (author === to ? from.address : to);
    }
  }
}

function sourceOf({ data }: DurableEvent): Network {
  return networkOf(data.from.address);
}

function isExpired({ expirytime }: DurableEvent): boolean {
  return expirytime !== undefined && Date.parse(expirytime) < Date.now();
}
