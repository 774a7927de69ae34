/** China Mobile's gateway (ISMG): CMPP 2.0 or 3.0, by the version with which the service connects (QB-GF-028-2003). */
import type { Socket } from 'node:net';
import type { Reader } from './bytes.js';
import { Malformed, Writer } from './bytes.js';
import { chinaTime, minuteOf } from './china-time.js';
import * as cmpp from './cmpp-packets.js';
import type { Report } from './exchange.js';
import { GatewayLink } from './gateway-link.js';
import { md5, same, type Gateway, type Surroundings } from './gateway.js';
import { NUMBER } from './numbers.js';
import type { Verdict } from './outbox.js';
import { Repeats } from './repeats.js';
import { fits, headerAndText, type ShortMessage } from './carried-message.js';

/** The largest submit has 99 numbers of 32 bytes and a message of 255. W=16 in the document. */
const RULES = { least: cmpp.HEADER_BYTES, most: 4096, window: 16, hasIds: true };
const GATEWAY_CODE = 10_001n;
const MOST_NUMBERS = 99;

export class CmppGateway implements Gateway {
  readonly repeats = new Repeats();
  private readonly open = new Set<CmppLink>();
  private counter = 0n;

  constructor(readonly around: Surroundings) {}

  get links(): number {
    return [...this.open].filter((link) => link.isOpen).length;
  }

  accept(socket: Socket): void {
    const link: CmppLink = new CmppLink(socket, this, () => this.open.delete(link));
    this.open.add(link);
  }

  message({ handset, service, alphabet, header, text }: ShortMessage): void {
    const deliver = {
      id: this.nextIds(1)[0] ?? Buffer.alloc(8),
      to: service,
      from: this.around.spelled(handset),
      udhi: header.length > 0,
      format: cmpp.formatOf(alphabet),
      isReport: false,
      content: Buffer.concat([header, text]),
    };
    this.push(() => deliver);
  }

  report(submitted: { id: Buffer; service: string; at: Date }, { handset, state, at }: Report): void {
    const about = {
      id: submitted.id,
      state,
      submitted: minuteOf(submitted.at),
      done: minuteOf(at),
      handset,
    };
    const id = this.nextIds(1)[0] ?? Buffer.alloc(8);
    this.push((version) => ({
      id,
      to: submitted.service,
      from: handset,
      udhi: false,
      format: 0,
      isReport: true,
      content: cmpp.reportContent(about, version),
    }));
  }

  disconnect(): void {
    for (const link of this.open) link.cut();
  }

  /** Msg_Id: month 4 bits, day 5, hour 5, minute 6, second 6, gateway 22, counter 16. A group has consecutive ones. */
  nextIds(count: number): Buffer[] {
    const [month, day, hour, minute, second] = (chinaTime(new Date()).slice(4).match(/../g) ?? []).map(
      BigInt,
    );
    const time =
      ((((((((month ?? 0n) << 5n) | (day ?? 0n)) << 5n) | (hour ?? 0n)) << 6n) | (minute ?? 0n)) << 6n) |
      (second ?? 0n);
    return Array.from({ length: count }, () => {
      this.counter = (this.counter + 1n) & 0xffffn;
      const id: Buffer = Buffer.alloc(8);
      id.writeBigUInt64BE((time << 38n) | (GATEWAY_CODE << 16n) | this.counter);
      return id;
    });
  }

  private push(deliver: (version: number) => cmpp.Deliver): void {
    this.around.outbox.add({
      frame: (sequence, version) =>
        cmpp.packet(cmpp.COMMAND.deliver, sequence, cmpp.deliverBody(deliver(version), version)),
    });
  }
}

class CmppLink extends GatewayLink {
  constructor(
    socket: Socket,
    private readonly gateway: CmppGateway,
    onClose: () => void,
  ) {
    super(socket, gateway.around, RULES, onClose);
  }

  protected packet(frame: Buffer): void {
    const { command, sequence, body } = cmpp.headOf(frame);
    if (!this.isLoggedIn && command !== cmpp.COMMAND.connect) throw new Malformed('not connected');
    switch (command) {
      case cmpp.COMMAND.connect:
        return this.connect(sequence, body);
      case cmpp.COMMAND.submit:
        return this.submit(sequence, body, frame);
      case cmpp.COMMAND.activeTest:
        return this.answer(command, sequence, Buffer.alloc(1));
      case cmpp.COMMAND.terminate:
        this.answer(command, sequence);
        return this.end();
      case cmpp.COMMAND.cancel:
        // The message has left.
        return this.answer(command, sequence, cmpp.result(this.channel.version, 1));
      case cmpp.COMMAND.deliver + cmpp.RESPONSE:
        body.take(8);
        return this.channel.answered(
          sequence,
          verdictOf(this.channel.version === 3 ? body.u32() : body.u8()),
        );
      case cmpp.COMMAND.activeTest + cmpp.RESPONSE:
      case cmpp.COMMAND.terminate + cmpp.RESPONSE:
        return;
      default:
        throw new Malformed(`command ${command}`);
    }
  }

  protected alive(sequence: number): Buffer {
    return cmpp.packet(cmpp.COMMAND.activeTest, sequence);
  }

  private answer(command: number, sequence: number, body?: Buffer): void {
    this.send(cmpp.packet(command + cmpp.RESPONSE, sequence, body));
  }

  private connect(sequence: number, body: Reader): void {
    if (this.isLoggedIn) throw new Malformed('connected already');
    const { account, secret } = this.around.account;
    const [name, proof, full, time] = [body.text(6), Buffer.from(body.take(16)), body.u8(), body.u32()];
    const version = full >> 4;
    const timestamp = String(time).padStart(10, '0');
    const status =
      version !== 2 && version !== 3
        ? cmpp.CONNECT.version
        : name !== account
          ? cmpp.CONNECT.name
          : same(proof, md5(new Writer().text(name, 6).zeros(9).done(), secret, timestamp))
            ? cmpp.CONNECT.ok
            : cmpp.CONNECT.secret;
    const field = cmpp.result(version, status);
    // Empty when the login is refused.
    const ours = status === cmpp.CONNECT.ok ? md5(field, proof, secret) : Buffer.alloc(16);
    this.answer(
      cmpp.COMMAND.connect,
      sequence,
      Buffer.concat([field, ours, Buffer.from([Math.min(full, 0x30)])]),
    );
    if (status !== cmpp.CONNECT.ok) return this.end();
    this.channel.version = version;
    return this.loggedIn(true);
  }

  private submit(sequence: number, body: Reader, frame: Buffer): void {
    const { version } = this.channel;
    const { gateway } = this;
    const response = (code: number, id = '0'.repeat(16)): Buffer =>
      cmpp.packet(
        cmpp.COMMAND.submit + cmpp.RESPONSE,
        sequence,
        Buffer.concat([Buffer.from(id, 'hex'), cmpp.result(version, code)]),
      );
    const read = () => {
      const submit = cmpp.readSubmit(body, version);
      const messages = this.messages(submit);
      if (typeof messages === 'number') return messages;
      const about = { service: submit.from, at: new Date() };
      return {
        messages,
        wantsReport: submit.registered === 1,
        ids: () => gateway.nextIds(messages.length).map((id) => id.toString('hex')),
        report: (id: string, report: Report) =>
          gateway.report({ id: Buffer.from(id, 'hex'), ...about }, report),
      };
    };
    const request = { key: String(sequence), frame, repeated: cmpp.RESULT.repeated, response, read };
    this.takeSubmit(request, gateway.repeats);
  }

  /** @returns the result code, for a submit that is not accepted: one wrong number refuses all */
  private messages({ spId, from, to, format, udhi, content }: cmpp.Submit): ShortMessage[] | number {
    const { account, room } = this.around;
    if (spId !== account.account) return cmpp.RESULT.service;
    if (!from.startsWith(account.service)) return cmpp.RESULT.source;
    if (to.length < 1 || to.length > MOST_NUMBERS || !to.every((number) => NUMBER.test(number)))
      return cmpp.RESULT.destination;
    const alphabet = cmpp.alphabetOf(format);
    if (!alphabet) return cmpp.RESULT.structure;
    const parts = headerAndText(content, udhi);
    if (!fits(parts, alphabet, room)) return cmpp.RESULT.tooLong;
    return to.map((handset) => ({ handset, service: from, alphabet, ...parts }));
  }
}

function verdictOf(code: number): Verdict {
  if (code === cmpp.RESULT.ok) return 'taken';
  return code === cmpp.RESULT.flow ? 'again' : { refused: code };
}
