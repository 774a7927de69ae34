/** What a phone shows of the MESSAGEs that it takes, and the receipts that are asked of it. */
import { randomUUID } from 'node:crypto';
import type { Sight, Timeline } from '#simulators';
import { shownAs } from './addresses.js';
import { cpimHeader, readCpim, type Cpim } from './cpim.js';
import type { Fate, SipFaults } from './faults.js';
import { addressIn, type Address } from './header-values.js';
import { COMPOSING_TYPE, IMDN_TYPE, readComposing, readReceipt, type Receipt } from './message-documents.js';
import { headerOf, neededHeader, type SipRequest } from './sip-message.js';
import type { Answer } from './transactions.js';

export const ACCEPTED_TYPES = ['text/plain', 'message/cpim', IMDN_TYPE, COMPOSING_TYPE].join(', ');

const OK: Answer = { status: 200, reason: 'OK' };
/** Ids of messages that are remembered, at most. */
const MOST_REMEMBERED = 10_000;

/** A message whose sender wants to hear what becomes of it. */
export interface Wish {
  messageId: string;
  /** Address of the sender, for the receipt. */
  from: string;
  sentAt: string;
  wants: readonly string[];
}

export interface InboxOptions {
  domain: string;
  timeline: Timeline;
  faults: SipFaults;
  /** Sends a receipt, later. */
  notify: (wish: Wish, receipt: Receipt) => void;
}

interface Content {
  type: string;
  content: Buffer;
  cpim?: Cpim;
}

export class Inbox {
  /** MESSAGEs that came again in another transaction, and were not shown again. */
  repeats = 0;
  private readonly known = new Set<string>();
  private readonly wishes = new Map<string, Wish>();

  constructor(private readonly options: InboxOptions) {}

  take(request: SipRequest): Answer | undefined {
    const fate = this.options.faults.takeFate();
    switch (fate.kind) {
      case 'refused':
        return { status: fate.status, reason: fate.reason };
      case 'silent':
        if (fate.shown) this.open(request);
        return undefined;
      case 'answer lost':
      case 'taken':
        return this.answered(request, fate);
    }
  }

  /** The wish of this message, if its sender wants to know that it was read. */
  displayWish(id: string): Wish | undefined {
    const wish = this.wishes.get(id);
    return wish?.wants.includes('display') ? wish : undefined;
  }

  private answered(request: SipRequest, fate: Fate): Answer {
    const answer = this.open(request);
    return fate.kind === 'answer lost' ? { ...answer, isLost: true } : answer;
  }

  private open(request: SipRequest): Answer {
    const content = contentOf(request);
    if (content === undefined) return { status: 400, reason: 'Bad CPIM' };
    const from = addressIn(neededHeader(request, 'from'));
    if (this.isRepeated(request, from)) return OK;
    switch (content.type) {
      case 'text/plain':
        this.showText(request, from, content);
        return OK;
      case COMPOSING_TYPE:
        return this.showComposing(from, content);
      case IMDN_TYPE:
        return this.showReceipt(from, content);
      default:
        return { status: 415, reason: 'Unsupported Media Type', headers: [['Accept', ACCEPTED_TYPES]] };
    }
  }

  /** The same request over another way: the sender's numbers are the same, though the transaction is not (RFC 3261 §8.2.2.2). */
  private isRepeated(request: SipRequest, from: Address): boolean {
    const tag = from.parameters['tag'] ?? '';
    const key = [neededHeader(request, 'call-id'), neededHeader(request, 'cseq'), tag].join('|');
    const isKnown = this.known.has(key);
    if (isKnown) this.repeats++;
    remember(this.known, key);
    return isKnown;
  }

  private showText(request: SipRequest, from: Address, { content, cpim }: Content): void {
    const messageId = cpim && cpimHeader(cpim, 'imdn.Message-ID');
    const id = messageId ?? neededHeader(request, 'call-id');
    const wish = cpim && messageId !== undefined ? wishOf(messageId, from, cpim) : undefined;
    if (wish && this.options.faults.take('failReceipt')) {
      this.receipt(wish, 'failed');
      return;
    }
    const date = headerOf(request, 'date');
    this.see('text', from, {
      id,
      text: content.toString('utf8'),
      ...(date === undefined ? {} : { since: date }),
    });
    if (!wish) return;
    this.remember(wish);
    if (!this.options.faults.take('withhold')) this.receipt(wish, 'delivered');
  }

  private receipt(wish: Wish, status: 'delivered' | 'failed'): void {
    const wanted = status === 'delivered' ? 'positive-delivery' : 'negative-delivery';
    if (!wish.wants.includes(wanted)) return;
    this.options.notify(wish, { messageId: wish.messageId, kind: 'delivery', status });
  }

  private showComposing(from: Address, { content }: Content): Answer {
    const state = readComposing(content.toString('utf8'));
    if (state === undefined) return { status: 400, reason: 'Bad isComposing' };
    this.see('typing', from, { state });
    return OK;
  }

  private showReceipt(from: Address, { content }: Content): Answer {
    const receipt = readReceipt(content.toString('utf8'));
    if (receipt === undefined) return { status: 400, reason: 'Bad IMDN' };
    const { messageId: target, status } = receipt;
    const kind = status === 'delivered' ? 'delivered' : status === 'displayed' ? 'read' : 'failed';
    this.see(kind, from, { target, ...(kind === 'failed' ? { state: status } : {}) });
    return OK;
  }

  private see(kind: Sight['kind'], from: Address, more: Partial<Sight>): void {
    const name = from.display === '' ? {} : { name: from.display };
    const shown = shownAs(from.uri, this.options.domain);
    this.options.timeline.see({ kind, from: shown, ...name, id: randomUUID(), ...more });
  }

  private remember(wish: Wish): void {
    const [oldest] = this.wishes.keys();
    if (this.wishes.size >= MOST_REMEMBERED && oldest !== undefined) this.wishes.delete(oldest);
    this.wishes.set(wish.messageId, wish);
  }
}

/** @returns undefined for a CPIM that cannot be read */
function contentOf(request: SipRequest): Content | undefined {
  const type = typeIn(headerOf(request, 'content-type') ?? 'text/plain');
  if (type !== 'message/cpim') return { type, content: request.body };
  const cpim = readCpim(request.body);
  return cpim && { type: typeIn(cpim.contentType), content: cpim.content, cpim };
}

function wishOf(messageId: string, from: Address, cpim: Cpim): Wish {
  const sender = cpimHeader(cpim, 'From');
  const wants = (cpimHeader(cpim, 'imdn.Disposition-Notification') ?? '').split(',').map((one) => one.trim());
  return {
    messageId,
    from: sender === undefined ? from.uri : addressIn(sender).uri,
    sentAt: cpimHeader(cpim, 'DateTime') ?? new Date().toISOString(),
    wants,
  };
}

/** Without its parameters. */
function typeIn(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

function remember(known: Set<string>, key: string): void {
  const [oldest] = known;
  if (known.size >= MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
  known.add(key);
}
