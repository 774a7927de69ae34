/** China Unicom's gateway (SMG), which speaks SGIP 1.2: the service dials it to submit, and it dials the service to deliver and report. */
import type { Socket } from 'node:net';
import { Malformed, Writer, type Reader } from './bytes.js';
import { chinaTime } from './china-time.js';
import { Dialer } from './dialer.js';
import type { Report } from './exchange.js';
import { GatewayLink } from './gateway-link.js';
import { same, type Gateway, type Surroundings } from './gateway.js';
import { Repeats } from './repeats.js';
import { SGIP_RULES, SgipDialledLink } from './sgip-dialled-link.js';
import * as sgip from './sgip-packets.js';
import { fits, headerAndText, type ShortMessage } from './carried-message.js';

const NODE = 1_001_010;
const MOST_NUMBERS = 100;
/** "The handset cannot be reached." */
const UNREACHABLE = 25;

export class SgipGateway implements Gateway {
  readonly repeats = new Repeats();
  /** Dialled when something waits. */
  readonly dialer: Dialer;
  private readonly open = new Set<SgipLink>();
  private counter = 0;

  constructor(readonly around: Surroundings) {
    const { outbox } = around;
    this.dialer = new Dialer(
      (socket, onClose) => new SgipDialledLink(socket, around, sequenceNow, onClose),
      outbox.times.retryMs,
      () => outbox.pump(),
    );
    outbox.onWaiting = () => this.dialer.dial();
  }

  get links(): number {
    return [...this.open].filter((link) => link.isOpen).length + (this.dialer.isOpen ? 1 : 0);
  }

  accept(socket: Socket): void {
    const link: SgipLink = new SgipLink(socket, this, () => this.open.delete(link));
    this.open.add(link);
  }

  message({ handset, service, alphabet, header, text }: ShortMessage): void {
    const body = sgip.deliverBody({
      from: this.around.spelled(handset),
      to: service,
      udhi: header.length > 0,
      coding: sgip.codingOf(alphabet),
      content: Buffer.concat([header, text]),
    });
    this.push(sgip.COMMAND.deliver, body);
  }

  report(submit: sgip.Sequence, { handset, state }: Report): void {
    this.push(sgip.COMMAND.report, sgip.reportBody(submit, handset, errorOf(state)));
  }

  disconnect(): void {
    for (const link of this.open) link.cut();
    this.dialer.cut();
  }

  /** A packet that is sent again has the same number, over another link too. */
  private push(command: number, body: Buffer): void {
    // Beside the numbers of the requests of the link itself.
    this.counter = (this.counter + 1) % 0x7fffffff;
    const counter = 0x80000000 + this.counter;
    const sequence = sequenceNow(counter);
    this.around.outbox.add({ sequence: counter, frame: () => sgip.packet(command, sequence, body) });
  }
}

function sequenceNow(counter: number): sgip.Sequence {
  return new Writer().u32(NODE, Number(chinaTime(new Date()).slice(4)), counter).done();
}

/** `UNDELIV`, or the number of an error that a test asked for. */
function errorOf(state: string): number {
  if (state === 'DELIVRD') return 0;
  return /^\d{1,3}$/.test(state) ? Number(state) : UNREACHABLE;
}

class SgipLink extends GatewayLink {
  constructor(
    socket: Socket,
    private readonly gateway: SgipGateway,
    onClose: () => void,
  ) {
    super(socket, gateway.around, SGIP_RULES, onClose);
  }

  protected packet(frame: Buffer): void {
    const { command, sequence, body } = sgip.headOf(frame);
    switch (command) {
      case sgip.COMMAND.bind:
        return this.bind(sequence, body);
      case sgip.COMMAND.submit:
        return this.submit(sequence, body, frame);
      case sgip.COMMAND.unbind:
        this.send(sgip.packet(command + sgip.RESPONSE, sequence));
        return this.end();
      default:
        throw new Malformed(`command ${command}`);
    }
  }

  /** A service that says nothing is cut off. */
  protected alive(): undefined {
    return undefined;
  }

  private bind(sequence: sgip.Sequence, body: Reader): void {
    const { account, secret } = this.around.account;
    const { type, name, password } = sgip.readBind(body);
    const answer = (result: number) => this.send(sgip.response(sgip.COMMAND.bind, sequence, result));
    if (this.isLoggedIn) return answer(sgip.RESULT.repeatedLogin);
    const isRight = name === account && same(Buffer.from(password), Buffer.from(secret));
    const result =
      type !== sgip.LOGIN.toGateway ? sgip.RESULT.loginType : isRight ? sgip.RESULT.ok : sgip.RESULT.login;
    answer(result);
    // Nothing is sent to the service over its own link.
    return result === sgip.RESULT.ok ? this.loggedIn(false) : this.end();
  }

  private submit(sequence: sgip.Sequence, body: Reader, frame: Buffer): void {
    const key = sequence.toString('hex');
    const response = (result: number) => sgip.response(sgip.COMMAND.submit, sequence, result);
    if (!this.isLoggedIn) return this.send(response(sgip.RESULT.login));
    const read = () => {
      const submit = sgip.readSubmit(body);
      const messages = this.messages(submit);
      if (typeof messages === 'number') return messages;
      const { reportFlag: flag } = submit;
      return {
        messages,
        wantsReport: flag === sgip.REPORT.always || flag === sgip.REPORT.failures,
        // A message has no id but the sequence number of its submit, and its number.
        ids: () => messages.map(() => key),
        report: (_id: string, report: Report) => {
          if (flag === sgip.REPORT.always || report.state !== 'DELIVRD')
            this.gateway.report(sequence, report);
        },
      };
    };
    this.takeSubmit({ key, frame, repeated: sgip.RESULT.repeated, response, read }, this.gateway.repeats);
  }

  /** @returns the result, for a submit that is not accepted: one wrong number refuses all */
  private messages({ from, to, coding, udhi, content }: sgip.Submit): ShortMessage[] | number {
    const { account, room } = this.around;
    if (!from.startsWith(account.service)) return sgip.RESULT.parameter;
    // With 86 in front.
    if (to.length < 1 || to.length > MOST_NUMBERS || !to.every((number) => /^86\d{5,18}$/.test(number)))
      return sgip.RESULT.number;
    const alphabet = sgip.alphabetOf(coding);
    if (!alphabet) return sgip.RESULT.parameter;
    const parts = headerAndText(content, udhi);
    if (!fits(parts, alphabet, room)) return sgip.RESULT.length;
    return to.map((handset) => ({ handset, service: from, alphabet, ...parts }));
  }
}
