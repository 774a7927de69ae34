/** Adapters with one fault each. Each fault is one that an author makes, or with which one could try to pass the certification. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { BusMessage, BusSession } from '#bus';
import {
  addressOf,
  CERTIFY,
  decodeEvent,
  directConversation,
  encodeEvent,
  eventId,
  laneOf,
  nativeOf,
  networkOf,
  plainText,
  subjects,
  wordsOf,
  type Address,
  type ConversationId,
  type HubEvent,
  type EventId,
  type MessageEvent,
  type Outcome,
  type ReceiptEvent,
  type ResultCode,
} from '#protocol';
import type { Ask } from '#certification';
import { runInBackground, tolerate } from '#service';
import { quiet } from './hub-fixture.js';
import { PlainAdapter } from './plain-adapter.js';
import type { NativeAnswer } from './plain-network.js';

/** So much later that several events are under way meanwhile. */
const LATER_MS = 150;

class AcknowledgesFirst extends PlainAdapter {
  protected override read(message: BusMessage): void {
    message.ack();
    super.read({ ...message, ack: () => undefined });
  }

  /** What it has acknowledged does not come again. */
  protected override becomeOwner(): void {
    return;
  }
}

/** Shows what it has reported one after another. */
class ReportsFirst extends PlainAdapter {
  private shown: Promise<void> = Promise.resolve();

  protected override async deliver(event: MessageEvent): Promise<void> {
    const refusal = this.refusal(event);
    await this.report(event, refusal === '14' ? undefined : refusal);
    if (refusal !== undefined) return;
    const { shown } = this;
    this.shown = tolerate('delivery', quiet, async () => {
      await shown;
      await setTimeout(LATER_MS / 3);
      if (!this.isDead) await this.show(event);
    });
  }
}

class StoresAnswersLater extends PlainAdapter {
  protected override take(answer: NativeAnswer): Promise<void> {
    runInBackground('answer', quiet, async () => {
      await setTimeout(LATER_MS);
      if (!this.isDead) await super.take(answer);
    });
    return Promise.resolve();
  }
}

class PublishesAndForgets extends PlainAdapter {
  protected override take(answer: NativeAnswer): Promise<void> {
    const event = this.eventOf(answer);
    runInBackground('answer', quiet, async () => {
      await setTimeout(LATER_MS);
      this.link.session?.nc.publish(this.subjectOf(event), encodeEvent(event));
    });
    return Promise.resolve();
  }
}

/** Knows what it has shown as long as its process lives. */
class RemembersInMemory extends PlainAdapter {
  protected override async show({ id, data }: MessageEvent): Promise<void> {
    await this.network.show(data.from.address, wordsOf(data.content.body), `${this.instance} ${id}`);
  }
}

/** Whatever interrupts its work comes between the showing and the report of a text. */
class ShowsAgain extends PlainAdapter {
  protected override async show({ data }: MessageEvent): Promise<void> {
    await this.network.show(data.from.address, wordsOf(data.content.body), randomUUID());
    await setTimeout(LATER_MS / 3);
  }
}

/** Shows each pair of messages the wrong way round. */
class Reorders extends PlainAdapter {
  private held: MessageEvent | undefined;

  protected override async show(event: MessageEvent): Promise<void> {
    const { held } = this;
    this.held = held === undefined && this.waiting.length > 0 ? event : undefined;
    if (this.held === undefined) await super.show(event);
    if (held !== undefined) await super.show(held);
  }
}

class DropsEverySeventh extends PlainAdapter {
  private counter = 0;

  protected override async show(event: MessageEvent): Promise<void> {
    if (++this.counter % 7 !== 0) await super.show(event);
  }
}

class ForgetsReceipts extends PlainAdapter {
  protected override outcomeOf(event: MessageEvent, refusal: ResultCode | undefined): Outcome {
    return { ...super.outcomeOf(event, refusal), requestDelivered: false };
  }
}

class InventsReceipts extends PlainAdapter {
  protected override async deliver(event: MessageEvent): Promise<void> {
    const { data } = event;
    const from = addressOf(this.member, this.network.person);
    const receipt: ReceiptEvent = {
      ...this.eventOf({ nativeId: `read-${event.id}`, to: data.from.address, text: '' }),
      type: 'im.hutong.receipt.v1',
      data: {
        from: { address: from },
        to: data.from.address,
        status: 'read',
        messages: [event.id],
        upTo: false,
        basis: 'user-device',
        at: new Date().toISOString(),
      },
    };
    await this.publisher.publish(this.subjectOf(receipt), encodeEvent(receipt), receipt.id);
    await super.deliver(event);
  }
}

class TakesForeignConversations extends PlainAdapter {
  protected override refusal(event: MessageEvent): ResultCode | undefined {
    const to = addressOf(this.member, this.network.person);
    const data = networkOf(event.data.to) === this.member ? event.data : { ...event.data, to };
    return super.refusal({ ...event, data, subject: directConversation(data.from.address, data.to) });
  }
}

class MakesOwnConversations extends PlainAdapter {
  protected override eventOf(answer: NativeAnswer): MessageEvent {
    const own = `direct:${eventId(this.member, 'conversation', answer.to)}` as ConversationId;
    return { ...super.eventOf(answer), subject: own };
  }
}

class ForgesAuthors extends PlainAdapter {
  protected override eventOf(answer: NativeAnswer): MessageEvent {
    const event = super.eventOf(answer);
    return { ...event, data: { ...event.data, from: { address: addressOf(CERTIFY, 'bert') } } };
  }
}

class UsesOnePartition extends PlainAdapter {
  protected override subjectOf({ subject }: HubEvent): string {
    const another = (laneOf(subject) + 1) % 8;
    return subjects.in(this.member, another as ReturnType<typeof laneOf>);
  }
}

class NormalisesText extends PlainAdapter {
  protected override eventOf(answer: NativeAnswer): MessageEvent {
    return super.eventOf({ ...answer, text: answer.text.normalize('NFKC') });
  }
}

class CutsLongTexts extends PlainAdapter {
  protected override eventOf(answer: NativeAnswer): MessageEvent {
    return super.eventOf({ ...answer, text: answer.text.slice(0, 1000) });
  }
}

/** Answers go to a changed form of the id of their recipient. */
abstract class ChangesIds extends PlainAdapter {
  protected abstract changed(native: string): string;

  protected override eventOf(answer: NativeAnswer): MessageEvent {
    const address = answer.to as Address;
    const native = this.changed(nativeOf(address));
    return super.eventOf({ ...answer, to: addressOf(networkOf(address), native) });
  }
}

class FoldsCase extends ChangesIds {
  protected override changed(native: string): string {
    return native.toLowerCase();
  }
}

class NormalisesIds extends ChangesIds {
  protected override changed(native: string): string {
    return native.normalize('NFC');
  }
}

class DecodesTwice extends ChangesIds {
  protected override changed(native: string): string {
    return decodeURIComponent(native);
  }
}

class WantsDigests extends PlainAdapter {
  protected override refusal(event: MessageEvent): ResultCode | undefined {
    return event.id.length === 27 ? super.refusal(event) : '30';
  }
}

class FoldsEventIds extends PlainAdapter {
  protected override async show({ id, data }: MessageEvent): Promise<void> {
    await this.network.show(data.from.address, wordsOf(data.content.body), id.toLowerCase());
  }
}

class MakesRandomIds extends PlainAdapter {
  protected override idOf(): EventId {
    return randomUUID() as EventId;
  }
}

class ShowsExpired extends PlainAdapter {
  protected override refusal({ expirytime, ...event }: MessageEvent): ResultCode | undefined {
    return super.refusal(event);
  }
}

class KnowsEverybody extends PlainAdapter {
  protected override isKnown(): boolean {
    return true;
  }
}

class BuriesNothing extends PlainAdapter {
  protected override bury(): Promise<void> {
    return Promise.resolve();
  }
}

class DiesOfPoison extends PlainAdapter {
  protected override bury(): Promise<void> {
    return this.kill();
  }
}

class ConfirmsNothing extends PlainAdapter {
  protected override async handle(message: BusMessage): Promise<void> {
    const event = decodeEvent(message.data);
    if (event.type === 'im.hutong.message.v1' && this.refusal(event) === undefined) await this.show(event);
  }
}

class NeverReconnects extends PlainAdapter {
  private sessions = 0;

  protected override answerLookUps(session: BusSession): void {
    if (++this.sessions > 1) this.isDead = true;
    else super.answerLookUps(session);
  }
}

class MixesTexts extends PlainAdapter {
  private last = '';

  protected override async show(event: MessageEvent): Promise<void> {
    const text = wordsOf(event.data.content.body);
    const content = { body: plainText(`${this.last}${text}`) };
    this.last = text;
    await super.show({ ...event, data: { ...event.data, content } });
  }
}

export interface Fault {
  adapter: typeof PlainAdapter;
  /** The cases that fail, up to the last of them. */
  fails: string[];
  /** What the operator offers besides. Absent: nothing. */
  offers?: readonly Ask[];
  /** Instances that run from the beginning. Absent: one. */
  instances?: number;
}

export const FAULTS: Record<string, Fault> = {
  'acknowledges before it delivers, and loses when killed': {
    adapter: AcknowledgesFirst,
    fails: ['acknowledged-last', 'restart'],
    offers: ['restart'],
  },
  'reports before it delivers, and loses when killed': {
    adapter: ReportsFirst,
    fails: ['unknown-person', 'restart'],
    offers: ['restart'],
  },
  'stores answers later, and loses them when killed': {
    adapter: StoresAnswersLater,
    fails: ['restart'],
    offers: ['restart'],
  },
  'publishes answers without waiting for the stream': {
    adapter: PublishesAndForgets,
    fails: ['connection-cut'],
  },
  'remembers in memory, and doubles when killed': {
    adapter: RemembersInMemory,
    fails: ['restart'],
    offers: ['restart'],
  },
  'remembers in memory, and runs twice': {
    adapter: RemembersInMemory,
    fails: ['two-instances'],
    offers: ['second-instance'],
  },
  'makes random ids, and runs twice': { adapter: MakesRandomIds, fails: ['text'], instances: 2 },
  'makes random ids, and a second instance is started': {
    adapter: MakesRandomIds,
    fails: ['two-instances'],
    offers: ['second-instance'],
  },
  'shows what comes again': { adapter: ShowsAgain, fails: ['once', 'connection-cut', 'taken-over'] },
  'reorders within a conversation': { adapter: Reorders, fails: ['order'] },
  'drops every seventh message': { adapter: DropsEverySeventh, fails: ['order'] },
  'forgets receipts': { adapter: ForgetsReceipts, fails: ['receipts'] },
  'invents receipts': { adapter: InventsReceipts, fails: ['invented-receipts'] },
  'accepts events of foreign conversations': {
    adapter: TakesForeignConversations,
    fails: ['foreign-conversation'],
  },
  'makes conversation ids of its own': { adapter: MakesOwnConversations, fails: ['text'] },
  'forges authors': { adapter: ForgesAuthors, fails: ['text'] },
  'publishes on another partition': { adapter: UsesOnePartition, fails: ['text'] },
  'normalises texts': { adapter: NormalisesText, fails: ['text'] },
  'mixes texts of different messages': { adapter: MixesTexts, fails: ['once'] },
  'cuts long texts': { adapter: CutsLongTexts, fails: ['long-text'] },
  'folds the case of ids': { adapter: FoldsCase, fails: ['odd-people'] },
  'normalises the Unicode of ids': { adapter: NormalisesIds, fails: ['odd-people'] },
  'decodes ids twice': { adapter: DecodesTwice, fails: ['odd-people'] },
  'wants ids of events that are digests of the kit': { adapter: WantsDigests, fails: ['odd-ids'] },
  'folds the case of ids of events': { adapter: FoldsEventIds, fails: ['odd-ids'] },
  'shows expired messages': { adapter: ShowsExpired, fails: ['expired'] },
  'knows everybody': { adapter: KnowsEverybody, fails: ['resolve', 'unknown-person'] },
  'writes no dead letters': { adapter: BuriesNothing, fails: ['poison'] },
  'dies of what it cannot read': { adapter: DiesOfPoison, fails: ['poison'] },
  'reports and acknowledges nothing': { adapter: ConfirmsNothing, fails: ['text'] },
  'does not connect again': { adapter: NeverReconnects, fails: ['connection-cut'] },
};
