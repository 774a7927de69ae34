/** What the other side of an SMPP link sends: messages of people, and receipts. Each is answered when it is stored. */
import type { PeerRequest } from '#adapter-session';
import { HubError } from '#protocol';
import type { Log } from '#service';
import { Deliveries, type Delivery, type Verdict } from '../deliveries.js';
import type { IncomingSegment, LinkEvents } from '../sms.link.js';
import { isReceipt, readSegment, wishIn, type ContentForm } from './content.js';
import { newMessageId, shownId } from './message-ids.js';
import { readReceipt, type IdForm } from './receipts.js';
import { ResentMessages } from './resent-messages.js';
import {
  COMMAND,
  nack,
  readMessage,
  responseTo,
  STATUS,
  writeId,
  type SmppMessage,
  type SmppPdu,
} from './smpp.pdu.js';

export interface IncomingOptions {
  form: ContentForm;
  receiptIds: IdForm;
  /** The other side may ask what becomes of its messages: we are the centre. */
  givesReceipts: boolean;
  log: Log;
}

const ANSWERS: Record<Verdict, number> = {
  taken: STATUS.ok,
  busy: STATUS.temporary,
  refused: STATUS.permanent,
};

export class IncomingMessages {
  private readonly deliveries: Deliveries;
  private readonly resent = new ResentMessages();
  /** Ends of what is being stored, by the id of the message; bounded by the requests of a connection. */
  private readonly ends = new Map<string, PromiseWithResolvers<void>>();

  constructor(
    private readonly options: IncomingOptions,
    events: LinkEvents,
  ) {
    this.deliveries = new Deliveries(options.log);
    this.deliveries.start(events);
  }

  /** @param connection its number */
  broken(connection: number): void {
    this.resent.broken(connection);
  }

  /** Answers deliver_sm, submit_sm and data_sm. @param connection its number */
  async take({ frame, answer }: PeerRequest<SmppPdu>, connection: number): Promise<void> {
    const { command, sequence, body } = frame;
    if (command !== COMMAND.deliver && command !== COMMAND.submit && command !== COMMAND.data)
      return answer(nack(frame, STATUS.wrongState));
    // A repetition on the same connection has the same number; one on another connection is found by `resent`.
    const verdict = await this.deliveries.take({
      id: `${connection} ${sequence}`,
      bytes: body,
      content: body,
      read: () => this.read(frame, connection),
    });
    const id = this.resent.ended({ body, connection, sequence }, verdict !== 'busy');
    // Only the answer to submit_sm names the message (4.4.2, 4.6.2).
    const shown = command === COMMAND.deliver ? '' : shownId(id ?? newMessageId());
    answer(responseTo(frame, ANSWERS[verdict], writeId(shown)));
    if (id !== undefined) this.end(id);
  }

  /**
   * Resolves when the other side knows the id of a message of its own.
   * @throws HubError 91: it does not, and sends the message again
   */
  async answered(id: string): Promise<void> {
    await this.ends.get(id)?.promise;
    if (this.resent.isExpected(id)) throw new HubError('91', 'the message was not answered yet');
  }

  private end(id: string): void {
    this.ends.get(id)?.resolve();
    this.ends.delete(id);
  }

  /** @throws HubError 30 */
  private read(frame: SmppPdu, connection: number): Delivery {
    const message = readMessage(frame);
    if (!isReceipt(message)) {
      const segment = readSegment(message, this.options.form);
      const id = this.resent.begin({ body: frame.body, connection, sequence: frame.sequence });
      const native = frame.body.toString('hex');
      return { kind: 'segment', segment: { ...segment, id, native, ...this.wished(message, id) } };
    }
    const report = readReceipt(message, this.options.receiptIds);
    if (!report) throw new HubError('30', 'a receipt without message or state');
    return report === 'on its way' ? { kind: 'intermediate' } : { kind: 'report', report };
  }

  private wished(message: SmppMessage, id: string): Pick<IncomingSegment, 'receipt'> {
    const receipt = this.options.givesReceipts ? wishIn(message) : undefined;
    if (!receipt) return {};
    this.ends.set(id, Promise.withResolvers());
    return { receipt };
  }
}
