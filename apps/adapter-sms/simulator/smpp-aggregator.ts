/** A carrier, or an aggregator for several, that connects to the centre of the service: SMPP 3.4 with the parts exchanged. */
import type { Socket } from 'node:net';
import type { Alphabet } from './alphabets.js';
import { Writer } from './bytes.js';
import { Dialer } from './dialer.js';
import { GatewayLink } from './gateway-link.js';
import type { Gateway, Surroundings } from './gateway.js';
import type { ShortMessage } from './carried-message.js';
import { COMMAND, RESPONSE, STATUS } from './smpp-numbers.js';
import { codingOf, headOf, pdu, readMessage, UDHI, writeMessage, type SmppMessage } from './smpp-pdu.js';
import { sarPart, segmentIn, verdictOf } from './smpp-segment.js';
import { SMPP_RULES } from './smsc-smpp.js';

export class SmppAggregator implements Gateway {
  readonly dialer: Dialer;
  readonly lingers = true;
  private received = 0;

  constructor(
    readonly around: Surroundings,
    readonly standard: Alphabet,
  ) {
    this.dialer = new Dialer(
      (socket, onClose) => new AggregatorLink(socket, this, onClose),
      around.outbox.times.retryMs,
      () => this.dialer.dial(),
    );
  }

  get links(): number {
    return this.dialer.isOpen ? 1 : 0;
  }

  message({ handset, service, alphabet, header, text }: ShortMessage): void {
    const body = writeMessage({
      from: handset,
      to: service,
      esmClass: header.length > 0 ? UDHI : 0,
      coding: codingOf(alphabet, this.standard),
      content: Buffer.concat([header, text]),
    });
    this.around.outbox.add({ frame: (sequence) => pdu(COMMAND.submit, STATUS.ok, sequence, body) });
  }

  disconnect(): void {
    this.dialer.cut();
  }

  nextId(): string {
    return String(++this.received);
  }
}

class AggregatorLink extends GatewayLink {
  constructor(
    socket: Socket,
    private readonly aggregator: SmppAggregator,
    onClose: () => void,
  ) {
    super(socket, aggregator.around, SMPP_RULES, onClose);
  }

  logIn(): void {
    const { account, secret } = this.around.account;
    const body = new Writer().string(account).string(secret).string('').u8(0x34, 0, 0).string('').done();
    this.send(pdu(COMMAND.bindTransceiver, STATUS.ok, this.channel.nextSequence(), body));
  }

  protected packet(frame: Buffer): void {
    const { command, status, sequence, body } = headOf(frame);
    switch (command) {
      case COMMAND.bindTransceiver + RESPONSE:
        return status === STATUS.ok ? this.loggedIn(true) : this.cut();
      case COMMAND.deliver:
        return this.take(sequence, readMessage(body));
      case COMMAND.submit + RESPONSE:
      case COMMAND.nack:
        return this.channel.answered(sequence, verdictOf(status));
      case COMMAND.enquireLink:
        return this.send(pdu(command + RESPONSE, STATUS.ok, sequence));
      case COMMAND.unbind:
        this.send(pdu(command + RESPONSE, STATUS.ok, sequence));
        return this.end();
      case COMMAND.enquireLink + RESPONSE:
        return;
      default:
        return this.send(pdu(COMMAND.nack, STATUS.command, sequence));
    }
  }

  protected alive(sequence: number): Buffer {
    return pdu(COMMAND.enquireLink, STATUS.ok, sequence);
  }

  /** There are no receipts in this direction: deliver_sm_resp has no id that one could name (4.6.2). */
  private take(sequence: number, message: SmppMessage): void {
    const answer = (status: number): void =>
      this.send(pdu(COMMAND.deliver + RESPONSE, status, sequence, new Writer().string('').done()));
    const segment = segmentIn(message, this.around, this.aggregator.standard);
    if (typeof segment === 'number') return answer(segment);
    return this.around.intake.take({
      messages: [segment],
      part: sarPart(message),
      wantsReport: false,
      ids: () => [this.aggregator.nextId()],
      answer,
      cut: () => this.cut(),
      report: () => undefined,
    });
  }
}
