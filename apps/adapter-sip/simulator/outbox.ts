/** What a phone sends as MESSAGE (RFC 3428), one after another for each recipient, as §8 asks. */
import { randomUUID } from 'node:crypto';
import type { Timeline } from '#simulators';
import { addressOf } from './addresses.js';
import { writeCpim } from './cpim.js';
import type { SipFaults } from './faults.js';
import type { Wish } from './inbox.js';
import {
  COMPOSING_TYPE,
  IMDN_TYPE,
  writeComposing,
  writeReceipt,
  type Receipt,
} from './message-documents.js';
import type { SipResponse } from './sip-message.js';
import { NoAnswer } from './transactions.js';
import { newUsage, type Outgoing, type UserAgent } from './user-agent.js';

export interface OutboxOptions {
  native: string;
  domain: string;
  receipts: boolean;
  faults: SipFaults;
  timeline: Timeline;
}

const TEXT = 'text/plain;charset=UTF-8';
const WISHES = 'positive-delivery, negative-delivery, display';

export class Outbox {
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(
    private readonly agent: UserAgent,
    private readonly options: OutboxOptions,
  ) {}

  async write(to: string, text: string): Promise<{ id: string }> {
    const id = randomUUID();
    const uri = addressOf(to, this.options.domain);
    const state = await this.inTurn(uri, () => this.outcome(uri, id, Buffer.from(text)));
    const isSent = state.startsWith('2');
    const { native: from, timeline } = this.options;
    timeline.see({ kind: isSent ? 'sent' : 'failed', from, id, text, target: to, state });
    return { id };
  }

  /** @throws Error if the server refuses it */
  async composing(to: string, on: boolean): Promise<{ id: string }> {
    const uri = addressOf(to, this.options.domain);
    const message = messageTo(uri, COMPOSING_TYPE, writeComposing(on));
    const { status, reason } = await this.inTurn(uri, () => this.agent.send(newUsage(), message));
    if (status >= 300) throw new Error(`the server does not take it: ${status} ${reason}`);
    return { id: randomUUID() };
  }

  /** In CPIM (RFC 5438 §7.2.1). A server that does not take it is not asked again. */
  async receipt({ from: uri, sentAt }: Wish, receipt: Receipt): Promise<void> {
    const content = writeReceipt(receipt, sentAt, this.agent.address);
    const body = writeCpim({
      from: this.agent.address,
      to: uri,
      at: new Date(),
      messageId: randomUUID(),
      contentType: IMDN_TYPE,
      disposition: 'notification',
      content,
    });
    try {
      await this.agent.send(newUsage(), messageTo(uri, 'message/cpim', body));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  /** The status, or why there is none. */
  private async outcome(uri: string, id: string, text: Buffer): Promise<string> {
    try {
      const { status } = await this.deliver(uri, id, text);
      return String(status);
    } catch (error) {
      if (error instanceof NoAnswer) return error.message;
      throw error;
    }
  }

  /** With a wish for receipts; without it, if the server does not know CPIM. */
  private async deliver(uri: string, id: string, text: Buffer): Promise<SipResponse> {
    if (!this.options.receipts) return this.send(messageTo(uri, TEXT, text));
    const response = await this.send(messageTo(uri, 'message/cpim', this.cpim(uri, id, text)));
    return response.status === 415 ? this.send(messageTo(uri, TEXT, text)) : response;
  }

  private async send(message: Outgoing): Promise<SipResponse> {
    const { faults } = this.options;
    const usage = newUsage();
    const isDoubled = faults.take('duplicate');
    const response = await this.agent.send(usage, { ...message, twice: faults.take('retransmit') });
    if (isDoubled) await this.agent.repeat(usage, message);
    return response;
  }

  private cpim(to: string, messageId: string, content: Buffer): Buffer {
    const from = this.agent.address;
    return writeCpim({ from, to, at: new Date(), messageId, notify: WISHES, contentType: TEXT, content });
  }

  private async inTurn<Result>(uri: string, send: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(uri) ?? Promise.resolve();
    const sent = before.then(send, send);
    this.last.set(uri, sent);
    try {
      return await sent;
    } finally {
      if (this.last.get(uri) === sent) this.last.delete(uri);
    }
  }
}

function messageTo(uri: string, type: string, body: Buffer): Outgoing {
  return { method: 'MESSAGE', uri, headers: [['Content-Type', type]], body };
}
