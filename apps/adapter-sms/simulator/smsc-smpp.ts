/** A short message service centre (SMSC) that speaks SMPP 3.4 (issue 1.2); section numbers below are of that document. */
import type { Socket } from 'node:net';
import type { Alphabet } from './alphabets.js';
import { Writer, type Reader } from './bytes.js';
import type { Report } from './exchange.js';
import { GatewayLink } from './gateway-link.js';
import { same, type Gateway, type Surroundings } from './gateway.js';
import type { ShortMessage } from './carried-message.js';
import { COMMAND, MESSAGE_STATE, RESPONSE, STATUS, TAG } from './smpp-numbers.js';
import {
  codingOf,
  headOf,
  HEADER_BYTES,
  pdu,
  readData,
  readMessage,
  RECEIPT,
  UDHI,
  writeMessage,
  type SmppMessage,
} from './smpp-pdu.js';
import { receiptText } from './smpp-receipt.js';
import { sarPart, segmentIn, verdictOf } from './smpp-segment.js';

/** A message_payload has up to 64 KB (5.3.2.32). */
export const SMPP_RULES = { least: HEADER_BYTES, most: 70_000, window: 10, hasIds: false };
/** Ids whose hexadecimal form may consist of digits alone, as on real centres. */
const FIRST_ID = 0x10000000;

export interface SmppHabits {
  /** What data_coding 0 means here (5.2.19: "SMSC Default Alphabet"). */
  standard: Alphabet;
  /** How ids are written in the response and in receipts. Gateways differ. */
  responseIds: 'hex' | 'decimal';
  receiptIds: 'hex' | 'decimal';
  /** Receipts carry receipted_message_id and message_state. */
  receiptTags: boolean;
}

export class SmppCentre implements Gateway {
  private readonly open = new Set<SmppLink>();
  private lastId = FIRST_ID;

  constructor(
    readonly around: Surroundings,
    readonly habits: SmppHabits,
  ) {}

  get links(): number {
    return [...this.open].filter((link) => link.isOpen).length;
  }

  accept(socket: Socket): void {
    const link: SmppLink = new SmppLink(socket, this, () => this.open.delete(link));
    this.open.add(link);
  }

  message({ handset, service, alphabet, header, text }: ShortMessage): void {
    const body = writeMessage({
      from: handset,
      to: service,
      esmClass: header.length > 0 ? UDHI : 0,
      coding: codingOf(alphabet, this.habits.standard),
      content: Buffer.concat([header, text]),
    });
    this.around.outbox.add({ frame: (sequence) => pdu(COMMAND.deliver, STATUS.ok, sequence, body) });
  }

  disconnect(): void {
    for (const link of this.open) link.cut();
  }

  nextId(): string {
    return String(++this.lastId);
  }

  inResponse(id: string): string {
    return this.habits.responseIds === 'hex' ? Number(id).toString(16) : id;
  }

  /** A delivery receipt (appendix B). */
  receipt(id: string, submitted: { at: Date; service: string }, { handset, state, at }: Report): void {
    const shown = this.habits.receiptIds === 'hex' ? Number(id).toString(16) : id;
    const body = writeMessage({
      from: handset,
      to: submitted.service,
      esmClass: RECEIPT,
      coding: 0,
      content: receiptText({ id: shown, state, submitted: submitted.at, done: at }),
      tags: this.habits.receiptTags
        ? [
            [TAG.receiptedMessageId, new Writer().string(shown).done()],
            [TAG.messageState, Buffer.from([MESSAGE_STATE[state] ?? MESSAGE_STATE['UNKNOWN'] ?? 0])],
          ]
        : [],
    });
    this.around.outbox.add({ frame: (sequence) => pdu(COMMAND.deliver, STATUS.ok, sequence, body) });
  }
}

class SmppLink extends GatewayLink {
  private transmits = false;

  constructor(
    socket: Socket,
    private readonly centre: SmppCentre,
    onClose: () => void,
  ) {
    super(socket, centre.around, SMPP_RULES, onClose);
  }

  protected packet(frame: Buffer): void {
    const { command, status, sequence, body } = headOf(frame);
    switch (command) {
      case COMMAND.bindReceiver:
      case COMMAND.bindTransmitter:
      case COMMAND.bindTransceiver:
        return this.bind(command, sequence, body);
      case COMMAND.submit:
        return this.submit(command, sequence, () => readMessage(body));
      case COMMAND.data:
        return this.submit(command, sequence, () => readData(body));
      case COMMAND.enquireLink:
        return this.send(pdu(command + RESPONSE, STATUS.ok, sequence));
      case COMMAND.unbind:
        this.send(pdu(command + RESPONSE, STATUS.ok, sequence));
        return this.end();
      case COMMAND.deliver + RESPONSE:
      case COMMAND.nack:
        return this.channel.answered(sequence, verdictOf(status));
      case COMMAND.enquireLink + RESPONSE:
      case COMMAND.unbind + RESPONSE:
        return;
      default:
        return this.send(pdu(COMMAND.nack, STATUS.command, sequence));
    }
  }

  protected alive(sequence: number): Buffer {
    return pdu(COMMAND.enquireLink, STATUS.ok, sequence);
  }

  /** 4.1. */
  private bind(command: number, sequence: number, body: Reader): void {
    const { account } = this.around;
    const [name, password] = [body.string(16), body.string(9)];
    body.string(13);
    const version = body.u8();
    const answer = (status: number, rest?: Buffer) =>
      this.send(pdu(command + RESPONSE, status, sequence, rest));
    if (this.isLoggedIn) return answer(STATUS.alreadyBound);
    const status =
      name !== account.account
        ? STATUS.systemId
        : same(Buffer.from(password), Buffer.from(account.secret))
          ? STATUS.ok
          : STATUS.password;
    if (status !== STATUS.ok) {
      answer(status);
      return this.end();
    }
    const reply = new Writer().string('hutong-smsc');
    if (version >= 0x34) reply.u16(TAG.interfaceVersion).u16(1).u8(0x34);
    answer(STATUS.ok, reply.done());
    this.transmits = command !== COMMAND.bindReceiver;
    return this.loggedIn(command !== COMMAND.bindTransmitter);
  }

  private submit(command: number, sequence: number, read: () => SmppMessage): void {
    const answer = (status: number, id = ''): void =>
      this.send(
        pdu(
          command + RESPONSE,
          status,
          sequence,
          status === STATUS.ok ? new Writer().string(id).done() : undefined,
        ),
      );
    if (!this.transmits) return answer(STATUS.bindState);
    const message = read();
    const segment = segmentIn(message, this.around, this.centre.habits.standard);
    if (typeof segment === 'number') return answer(segment);
    const submitted = { at: new Date(), service: message.from };
    return this.around.intake.take({
      messages: [segment],
      part: sarPart(message),
      wantsReport: (message.registered & 0x03) !== 0,
      ids: () => [this.centre.nextId()],
      answer: (code, [id = '']) => answer(code, this.centre.inResponse(id)),
      cut: () => this.cut(),
      report: (id, report) => {
        // 5.2.17: 2 asks for failures only.
        if ((message.registered & 0x03) === 2 && report.state === 'DELIVRD') return;
        this.centre.receipt(id, submitted, report);
      },
    });
  }
}
