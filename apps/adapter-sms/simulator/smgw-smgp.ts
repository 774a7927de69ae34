/** China Telecom's gateway (SMGW), which speaks SMGP 3.0. */
import type { Socket } from 'node:net';
import { Malformed, Writer, type Reader } from './bytes.js';
import { chinaTime, minuteOf } from './china-time.js';
import type { Report } from './exchange.js';
import { GatewayLink } from './gateway-link.js';
import { md5, same, type Gateway, type Surroundings } from './gateway.js';
import { NUMBER } from './numbers.js';
import type { Verdict } from './outbox.js';
import { Repeats } from './repeats.js';
import { fits, headerAndText, type ShortMessage } from './carried-message.js';
import * as smgp from './smgp-packets.js';

/** The largest submit has 100 numbers. W=16 in the document. */
const RULES = { least: smgp.HEADER_BYTES, most: 4096, window: 16, hasIds: true };
const MOST_NUMBERS = 100;
const VERSION = 0x30;
/** LoginMode. */
const [SENDS, RECEIVES, BOTH] = [0, 1, 2];
/** MsgType of a message to a handset. */
const TO_HANDSET = 6;
/** Of the area 010; 06 is a gateway for short messages. */
const GATEWAY_CODE = '010061';

export class SmgpGateway implements Gateway {
  readonly repeats = new Repeats();
  private readonly open = new Set<SmgpLink>();
  private counter = 0;

  constructor(
    readonly around: Surroundings,
    private readonly habits: smgp.ReportHabits,
  ) {}

  get links(): number {
    return [...this.open].filter((link) => link.isOpen).length;
  }

  accept(socket: Socket): void {
    const link: SmgpLink = new SmgpLink(socket, this, () => this.open.delete(link));
    this.open.add(link);
  }

  message({ handset, service, alphabet, header, text }: ShortMessage): void {
    this.push({
      from: this.around.spelled(handset),
      to: service,
      isReport: false,
      format: smgp.formatOf(alphabet),
      header,
      text,
    });
  }

  report(submitted: { id: Buffer; service: string; at: Date }, { handset, state, at }: Report): void {
    const about = { id: submitted.id, state, submitted: minuteOf(submitted.at), done: minuteOf(at) };
    this.push({
      from: handset,
      to: submitted.service,
      isReport: true,
      format: 0,
      header: Buffer.alloc(0),
      text: smgp.reportContent(about, this.habits),
    });
  }

  disconnect(): void {
    for (const link of this.open) link.cut();
  }

  /** MsgID: gateway 6 digits, MMDDhhmm, counter 6 digits; each byte holds two. A group has consecutive ones. */
  nextIds(count: number): Buffer[] {
    const time = chinaTime(new Date()).slice(4, 12);
    return Array.from({ length: count }, () => {
      this.counter = (this.counter + 1) % 1_000_000;
      return Buffer.from(GATEWAY_CODE + time + String(this.counter).padStart(6, '0'), 'hex');
    });
  }

  private push(deliver: Omit<smgp.Deliver, 'id' | 'received'>): void {
    const id = this.nextIds(1)[0] ?? Buffer.alloc(10);
    const body = smgp.deliverBody({ ...deliver, id, received: chinaTime(new Date()) });
    this.around.outbox.add({ frame: (sequence) => smgp.packet(smgp.COMMAND.deliver, sequence, body) });
  }
}

class SmgpLink extends GatewayLink {
  private sends = false;

  constructor(
    socket: Socket,
    private readonly gateway: SmgpGateway,
    onClose: () => void,
  ) {
    super(socket, gateway.around, RULES, onClose);
  }

  protected packet(frame: Buffer): void {
    const { command, sequence, body } = smgp.headOf(frame);
    if (!this.isLoggedIn && command !== smgp.COMMAND.login) throw new Malformed('not logged in');
    switch (command) {
      case smgp.COMMAND.login:
        return this.login(sequence, body);
      case smgp.COMMAND.submit:
        return this.submit(sequence, body, frame);
      case smgp.COMMAND.activeTest:
        return this.answer(command, sequence);
      case smgp.COMMAND.exit:
        this.answer(command, sequence);
        return this.end();
      case smgp.COMMAND.deliver + smgp.RESPONSE:
        body.take(10);
        return this.channel.answered(sequence, verdictOf(body.u32()));
      case smgp.COMMAND.activeTest + smgp.RESPONSE:
      case smgp.COMMAND.exit + smgp.RESPONSE:
        return;
      default:
        throw new Malformed(`request ${command}`);
    }
  }

  protected alive(sequence: number): Buffer {
    return smgp.packet(smgp.COMMAND.activeTest, sequence);
  }

  private answer(command: number, sequence: number, body?: Buffer): void {
    this.send(smgp.packet(command + smgp.RESPONSE, sequence, body));
  }

  private login(sequence: number, body: Reader): void {
    if (this.isLoggedIn) throw new Malformed('logged in already');
    const { account, secret } = this.around.account;
    const [name, proof, mode, time, version] = [
      body.text(8),
      Buffer.from(body.take(16)),
      body.u8(),
      body.u32(),
      body.u8(),
    ];
    const expected = md5(new Writer().text(name, 8).zeros(7).done(), secret, String(time).padStart(10, '0'));
    const status =
      version > VERSION
        ? smgp.STATUS.version
        : mode > BOTH
          ? smgp.STATUS.structure
          : name === account && same(proof, expected)
            ? smgp.STATUS.ok
            : smgp.STATUS.secret;
    const field = new Writer().u32(status).done();
    const ours = status === smgp.STATUS.ok ? md5(field, proof, secret) : Buffer.alloc(16);
    this.answer(smgp.COMMAND.login, sequence, Buffer.concat([field, ours, Buffer.from([VERSION])]));
    if (status !== smgp.STATUS.ok) return this.end();
    this.sends = mode !== RECEIVES;
    return this.loggedIn(mode !== SENDS);
  }

  private submit(sequence: number, body: Reader, frame: Buffer): void {
    const { gateway } = this;
    const response = (status: number, id = '0'.repeat(20)): Buffer =>
      smgp.packet(
        smgp.COMMAND.submit + smgp.RESPONSE,
        sequence,
        new Writer().bytes(Buffer.from(id, 'hex')).u32(status).done(),
      );
    if (!this.sends) return this.send(response(smgp.STATUS.command));
    const read = () => {
      const submit = smgp.readSubmit(body);
      const messages = this.messages(submit);
      if (typeof messages === 'number') return messages;
      const about = { service: submit.from, at: new Date() };
      return {
        messages,
        wantsReport: submit.needReport,
        ids: () => gateway.nextIds(messages.length).map((id) => id.toString('hex')),
        report: (id: string, report: Report) =>
          gateway.report({ id: Buffer.from(id, 'hex'), ...about }, report),
      };
    };
    const request = { key: String(sequence), frame, repeated: smgp.STATUS.repeated, response, read };
    this.takeSubmit(request, gateway.repeats);
  }

  /** @returns the status, for a submit that is not accepted: one wrong number refuses all */
  private messages({ type, from, to, format, udhi, content }: smgp.Submit): ShortMessage[] | number {
    const { account, room } = this.around;
    if (type !== TO_HANDSET) return smgp.STATUS.messageType;
    if (!from.startsWith(account.service)) return smgp.STATUS.source;
    if (to.length < 1 || to.length > MOST_NUMBERS || !to.every((number) => NUMBER.test(number)))
      return smgp.STATUS.destination;
    const alphabet = smgp.alphabetOf(format);
    if (!alphabet) return smgp.STATUS.format;
    const parts = headerAndText(content, udhi);
    if (!fits(parts, alphabet, room)) return smgp.STATUS.length;
    return to.map((handset) => ({ handset, service: from, alphabet, ...parts }));
  }
}

function verdictOf(status: number): Verdict {
  if (status === smgp.STATUS.ok) return 'taken';
  return status === smgp.STATUS.busy ? 'again' : { refused: status };
}
