/**
 * Delivers a new message, one native message after the other. Each delivered one is stored before the next one is sent, so
 * that neither an error nor a crash in between duplicates or loses it.
 */
import {
  bodyOf,
  conversationOf,
  mediaFailureOf,
  HubError,
  plainText,
  textParts,
  toHubError,
  wordsOf,
  type Degradation,
  type DeliveryKey,
  type MessageEvent,
} from '#protocol';
import type { Delivered, DeliveryContext, MessageRef } from './delivered.contract.js';
import type { Correlation } from './correlation.js';
import type { DeliveryOptions } from './delivery-options.js';
import { withOriginalTime } from './original-time.js';
import { capabilitiesFor, fitsBy, piecesOf, type Piece } from './message-pieces.js';
import { withDelivered, type Shown } from './native-pieces.js';

export interface Sent {
  /** All native messages, of this attempt and of earlier ones. Not stored yet. */
  ref: MessageRef;
  /** Native ids that are not yet stored as leading to this message. */
  fresh: string[];
  degradations: Degradation[] | undefined;
}

/** From this many native messages on, progress is stored only once per this many: each write contains all ids. */
const STORED_SINGLY = 32;

export class NewMessages {
  constructor(private readonly options: DeliveryOptions) {}

  /**
   * @param before what an interrupted attempt delivered; it is not sent again
   * @param indexAs the message to which the native ids lead, if not this one
   */
  async send(
    event: MessageEvent,
    context: DeliveryContext,
    before?: MessageRef,
    indexAs: DeliveryKey = context.idempotencyKey,
  ): Promise<Sent> {
    const capabilities = this.options.capabilities();
    const late = withOriginalTime(event, context, capabilities);
    const { degradations, failure, ...prepared } = await piecesOf(
      late.event,
      capabilitiesFor(event, this.options.adapter, capabilities),
      this.options.attachments,
      fitsBy(this.options.adapter),
    );
    const pieces = [...late.before, ...prepared.pieces];
    const sending = new Sending(this.options.correlation, before ?? emptyRef(event), indexAs);
    sending.code ??= failure;
    try {
      for (const [at, piece] of pieces.entries()) {
        if (sending.has(piece.key)) continue;
        const target = at === 0 ? context.target : undefined;
        const {
          delivered,
          shown,
          degradations: lost = [],
        } = await this.piece(piece, {
          ...context,
          idempotencyKey: piece.key,
          target,
        });
        sending.add(piece.key, delivered, shown);
        degradations.push(...lost);
        if (at < pieces.length - 1) await sending.storeUnfinished(at);
      }
    } catch (error) {
      await sending.storeInterrupted();
      throw error;
    } finally {
      for (const { medium } of pieces) await medium?.file[Symbol.asyncDispose]();
    }
    return { ...sending.finished(), degradations: degradations.length > 0 ? degradations : undefined };
  }

  private async piece(
    { event, medium, lead }: Piece,
    context: DeliveryContext,
  ): Promise<{ delivered: Delivered; shown: Shown; degradations?: Degradation[] }> {
    const said = wordsOf(event.data.content.body);
    if (!medium)
      return {
        delivered: await this.deliver(event, context),
        shown: { words: said !== lead, medium: lead !== undefined, lead },
      };
    const deliverAttachment = this.options.adapter.deliverAttachment?.bind(this.options.adapter);
    if (!deliverAttachment) throw new HubError('12', 'no media on this network');
    const words = said !== '';
    try {
      return {
        delivered: await this.underWay(event, context, () => deliverAttachment(event, medium, context)),
        shown: { words, medium: true },
      };
    } catch (thrown) {
      const failure = mediaFailureOf(toHubError(thrown).code);
      if (!failure) throw thrown;
      const instead = await this.options.attachments.instead(event, medium.part, failure);
      const lead = instead.words.content;
      const delivered = await this.deliver(inItsPlace(event, lead), context);
      return {
        // A link to the attachment is no failure.
        delivered: instead.failure === undefined ? delivered : { ...delivered, code: failure },
        shown: { words, medium: true, lead },
        degradations: instead.degradations,
      };
    }
  }

  private deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    return this.underWay(event, context, () => this.options.adapter.deliver(event, context));
  }

  /** @throws HubError 101, 102 before the network is asked */
  private async underWay(
    event: MessageEvent,
    { idempotencyKey: key }: DeliveryContext,
    deliver: () => Promise<Delivered>,
  ): Promise<Delivered> {
    const { underWay, windows } = this.options;
    await windows?.claim(event.data.to, key);
    try {
      return await (underWay?.during(key, event, deliver) ?? deliver());
    } catch (thrown) {
      if (toHubError(thrown).code !== '103') await windows?.release(event.data.to, key);
      throw thrown;
    }
  }
}

/** Progress of one message while it is being delivered. */
class Sending {
  code: MessageRef['code'];
  private last: Delivered['code'];
  private fresh: string[] = [];

  constructor(
    private readonly correlation: Correlation,
    private ref: MessageRef,
    private readonly indexAs: DeliveryKey,
  ) {
    this.code = ref.code;
  }

  has(key: string): boolean {
    return this.ref.unfinished?.includes(key) ?? false;
  }

  add(key: string, delivered: Delivered, shown: Shown): void {
    const keeps = [...(this.ref.keeps ?? []), ...(delivered.keeps ?? [])];
    this.ref = {
      ...withDelivered(this.ref, delivered, shown),
      ...(keeps.length > 0 ? { keeps } : {}),
      ...(delivered.stage === 'submitted' ? { submitted: true } : {}),
      ...(delivered.basis === undefined ? {} : { basis: delivered.basis }),
      unfinished: [...(this.ref.unfinished ?? []), key],
    };
    this.fresh.push(...delivered.native);
    this.code ??= mediaFailureOf(delivered.code);
    this.last = delivered.code;
  }

  async storeUnfinished(at: number): Promise<void> {
    if (at >= STORED_SINGLY && at % STORED_SINGLY !== 0) return;
    const fresh = this.fresh.splice(0);
    await this.correlation.store({ ...this.ref, code: this.code }, fresh, this.indexAs);
  }

  /** Part of the message is delivered: a recall must find it, and the next attempt must not send it again. */
  async storeInterrupted(): Promise<void> {
    if (this.fresh.length > 0) await this.storeUnfinished(0);
  }

  finished(): { ref: MessageRef; fresh: string[] } {
    const { unfinished: _finished, ...ref } = this.ref;
    return { ref: { ...ref, code: this.code ?? this.last }, fresh: this.fresh };
  }
}

export function emptyRef(event: MessageEvent): MessageRef {
  const author = event.data.from.address;
  return { id: event.id, author, within: conversationOf(event), native: [], at: Date.now() };
}

/** The placeholder, followed by the words of the message. */
function inItsPlace(event: MessageEvent, words: string): MessageEvent {
  const { content } = event.data;
  const body = bodyOf([plainText(words), ...textParts(content.body)]);
  return { ...event, data: { ...event.data, content: { ...content, body } } };
}
