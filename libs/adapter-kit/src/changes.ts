/**
 * Edits and recalls a message that became several native messages. Each step is stored before the next one, so that an
 * interrupted change continues where it stopped. The idempotency key of a step depends only on its native message.
 */
import {
  contentKind,
  EMPTY,
  HubError,
  leaves,
  levelOf,
  PHRASES,
  plainText,
  textParts,
  toHubError,
  wordsOf,
  type Capabilities,
  type Degradation,
  type DeliveryKey,
  type MessageEvent,
  type Part,
} from '#protocol';
import type { Delivered, DeliveryContext, MessageRef } from './delivered.contract.js';
import { keyOf, type Correlation } from './correlation.js';
import type { DeliveryOptions } from './delivery-options.js';
import { capabilitiesFor, fitsBy, piecesOf, type Piece } from './message-pieces.js';
import { livePieces, nativePieces, withDelivered, withPiece, type NativePiece } from './native-pieces.js';
import type { NewMessages } from './new-messages.js';

/** Result of an edit or recall. */
export interface Changed {
  /** Ids of the native edits and recalls, and of native messages that were added. */
  native: string[];
  /** The reference after the change. Not stored yet. */
  target: MessageRef;
  degradations?: Degradation[] | undefined;
}

export class Changes {
  constructor(
    private readonly options: DeliveryOptions,
    private readonly messages: NewMessages,
  ) {}

  /** Whether the network can recall native messages of this age. */
  recalls(target: MessageRef): boolean {
    const capabilities = this.options.capabilities();
    const { recallAgeMs = Infinity } = capabilities.limits;
    return (
      this.options.adapter.deliverRecall !== undefined &&
      levelOf(capabilities, 'recall') > 0 &&
      Date.now() - target.at <= recallAgeMs
    );
  }

  /** @param before new native messages that an interrupted attempt of this edit has delivered */
  async edit(
    event: MessageEvent,
    context: DeliveryContext,
    target: MessageRef,
    before: MessageRef | undefined,
  ): Promise<Changed> {
    if (livePieces(target).length === 0) throw new HubError('25', 'the message was recalled');
    const capabilities = this.options.capabilities();
    const slots = wordSlots(target, capabilities);
    const { pieces } = await piecesOf(
      withLead(event, slots[0]),
      capabilitiesFor(event, this.options.adapter, capabilities),
      this.options.attachments,
      fitsBy(this.options.adapter),
    );
    const change = new Change(this.options.correlation, event, target, context.idempotencyKey);
    if (pieces.some(({ medium }) => medium !== undefined)) {
      for (const { medium } of pieces) await medium?.file[Symbol.asyncDispose]();
      return this.replaceAll(event, context, change, before);
    }
    const texts = pieces.filter((piece) => !isEmpty(piece));
    for (const [at, text] of texts.entries()) {
      const slot = slots[at];
      if (slot === undefined) await this.add(change, text, context);
      else if (slot.changedBy !== context.idempotencyKey) await this.reword(change, slot, text, context);
    }
    for (const slot of slots.slice(texts.length))
      if (slot.changedBy !== context.idempotencyKey) await this.empty(change, slot, context);
    return change.done();
  }

  /** Recalls every native message that is left. If some cannot be recalled, the others are, and the event fails with 25. */
  async recall(event: MessageEvent, context: DeliveryContext, target: MessageRef): Promise<Changed> {
    const change = new Change(this.options.correlation, event, target, context.idempotencyKey);
    await this.recallEach(change, livePieces(target), context);
    return change.done();
  }

  private async reword(
    change: Change,
    slot: NativePiece,
    text: Piece,
    context: DeliveryContext,
  ): Promise<void> {
    if (!this.options.adapter.deliverEdit) throw new HubError('12', 'no edit on this network');
    const delivered = await this.options.adapter.deliverEdit(text.event, {
      ...context,
      idempotencyKey: text.key,
      target: change.target,
      piece: slot,
    });
    await change.reworded(slot, delivered);
  }

  private async add(change: Change, text: Piece, context: DeliveryContext): Promise<void> {
    const delivered = await this.options.adapter.deliver(asNew(text.event), {
      ...context,
      idempotencyKey: text.key,
      target: undefined,
    });
    await change.added(delivered);
  }

  /** Removes surplus words: a caption; a native message with words only (recall); or, if it cannot be recalled, replaces its words. */
  private async empty(change: Change, slot: NativePiece, context: DeliveryContext): Promise<void> {
    const { event } = change;
    const key = change.keyOf(slot);
    if (slot.medium !== undefined) {
      const words = saying(event, plainText(slot.lead ?? ''));
      return this.reword(change, slot, { key, event: words }, context);
    }
    if (this.recalls(change.target)) {
      try {
        return await this.recallOne(change, slot, context);
      } catch (thrown) {
        if (toHubError(thrown).verdict === 'retry') throw thrown;
      }
    }
    const { pieceRemoved } = PHRASES[this.options.capabilities().language];
    await this.reword(
      change,
      slot,
      { key: `${key}-e`, event: saying(event, plainText(pieceRemoved)) },
      context,
    );
  }

  /** An edit with attachments: sends the new version as new native messages, then recalls the old ones. */
  private async replaceAll(
    event: MessageEvent,
    context: DeliveryContext,
    change: Change,
    before: MessageRef | undefined,
  ): Promise<Changed> {
    const old = livePieces(change.target).filter(({ changedBy }) => changedBy !== context.idempotencyKey);
    const { ref, fresh, degradations } = await this.messages.send(
      asNew(event),
      { ...context, target: undefined },
      before,
      keyOf(change.target),
    );
    await change.replacedBy(ref, fresh);
    await this.recallEach(change, old, context);
    return { ...change.done(), degradations };
  }

  private async recallEach(change: Change, pieces: NativePiece[], context: DeliveryContext): Promise<void> {
    const refused: HubError[] = [];
    for (const piece of pieces)
      try {
        await this.recallOne(change, piece, context);
      } catch (thrown) {
        const error = toHubError(thrown);
        if (error.verdict === 'retry') throw error;
        refused.push(error);
      }
    const [first] = refused;
    if (first === undefined) return;
    await change.store();
    throw pieces.length === 1
      ? first
      : new HubError(
          '25',
          `${refused.length} of ${pieces.length} native messages are still there: ${first.detail}`,
        );
  }

  private async recallOne(change: Change, piece: NativePiece, context: DeliveryContext): Promise<void> {
    if (!this.options.adapter.deliverRecall) throw new HubError('12', 'no recall on this network');
    const delivered = await this.options.adapter.deliverRecall(saying(change.event, EMPTY), {
      ...context,
      idempotencyKey: change.keyOf(piece),
      target: change.target,
      piece,
    });
    await change.recalled(piece, delivered);
  }
}

/** The state of one change while it is carried out. */
class Change {
  private native: string[] = [];
  private readonly keys: Map<string, string>;

  constructor(
    private readonly correlation: Correlation,
    readonly event: MessageEvent,
    public target: MessageRef,
    private readonly key: DeliveryKey,
  ) {
    // The first recall uses the key of the event itself, the others a key derived from it. An edit's words use the event's key.
    const isRecall = contentKind(event.data.content) === 'recall';
    this.keys = new Map(
      nativePieces(target).map(({ id }, at) => [id, isRecall && at === 0 ? key : `${key}-r${at}`]),
    );
  }

  /** Idempotency key of the step on one native message. The same at every attempt: native messages are only ever added. */
  keyOf({ id }: NativePiece): string {
    return this.keys.get(id) ?? this.key;
  }

  async reworded(slot: NativePiece, { native }: Delivered): Promise<void> {
    const words = slot.words ?? 0;
    await this.step(withPiece(this.target, slot.id, { words, changedBy: this.key }), native);
  }

  async added(delivered: Delivered): Promise<void> {
    const shown = { words: true, medium: false, changedBy: this.key };
    await this.step(withDelivered(this.target, delivered, shown), delivered.native);
  }

  async recalled(piece: NativePiece, { native }: Delivered): Promise<void> {
    await this.step(withPiece(this.target, piece.id, { gone: true, changedBy: this.key }), native);
  }

  async replacedBy(ref: MessageRef, native: string[]): Promise<void> {
    const known = new Set(this.target.native);
    const fresh = nativePieces(ref).filter(({ id }) => !known.has(id));
    const pieces = fresh.map((piece) => ({ ...piece, changedBy: this.key }));
    const target = {
      ...this.target,
      native: [...this.target.native, ...fresh.map(({ id }) => id)],
      pieces: [...nativePieces(this.target), ...pieces],
    };
    await this.step(target, native);
  }

  async store(): Promise<void> {
    await this.correlation.store(this.target, this.native);
  }

  done(): Changed {
    return { native: this.native, target: this.target };
  }

  /** Stores the reference after a step. With a single native message there is one step, which `Delivery` stores. */
  private async step(target: MessageRef, native: string[]): Promise<void> {
    this.target = target;
    this.native.push(...native);
    if (nativePieces(target).length > 1) await this.correlation.store(target, native);
  }
}

/**
 * The native messages whose words an edit replaces, in order. An attachment without a caption takes the words as its
 * caption, if the network has captions.
 */
function wordSlots(target: MessageRef, { media }: Capabilities): NativePiece[] {
  const live = livePieces(target);
  const slots = live.filter(({ words }) => words !== undefined);
  if (slots.length > 0) return slots.sort((one, other) => (one.words ?? 0) - (other.words ?? 0));
  const holders = live.filter(({ medium }) => medium !== undefined);
  return media?.captions === true && holders.length === 1 ? holders : [];
}

/** A placeholder for an attachment stays before the new words. */
function withLead(event: MessageEvent, slot: NativePiece | undefined): MessageEvent {
  if (slot?.lead === undefined) return event;
  const { body } = event.data.content;
  return saying(event, {
    kind: 'multi',
    disposition: 'render',
    semantics: 'processAll',
    parts: [plainText(slot.lead), ...leaves(body)],
  });
}

function saying(event: MessageEvent, body: Part): MessageEvent {
  return { ...event, data: { ...event.data, content: { ...event.data.content, body } } };
}

/** The event without `replaces`: what an edit adds is a new message to the network. */
function asNew(event: MessageEvent): MessageEvent {
  const { replaces: _edit, ...content } = event.data.content;
  return { ...event, data: { ...event.data, content } };
}

function isEmpty({ event }: Piece): boolean {
  return leaves(event.data.content.body).every(
    (part) => part.kind === 'null' || (textParts(part).length === 1 && wordsOf(part) === ''),
  );
}
