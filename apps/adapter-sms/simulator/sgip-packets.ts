/** Packets of SGIP 1.2 (China Unicom) as bytes. A sequence number has three integers: node, time, counter. */
import type { Alphabet } from './alphabets.js';
import { Reader, Writer } from './bytes.js';

export const HEADER_BYTES = 20;
export const COMMAND = { bind: 1, unbind: 2, submit: 3, deliver: 4, report: 5 } as const;
export const RESPONSE = 0x80000000;

export const RESULT = {
  ok: 0,
  login: 1,
  repeatedLogin: 2,
  loginType: 4,
  parameter: 5,
  number: 6,
  length: 8,
  repeated: 9,
  busy: 11,
} as const;

/** LoginType. */
export const LOGIN = { toGateway: 1, toService: 2 } as const;

/** A sequence number as its 12 bytes. */
export type Sequence = Buffer;

export function packet(command: number, sequence: Sequence, body: Buffer = Buffer.alloc(0)): Buffer {
  return new Writer()
    .u32(HEADER_BYTES + body.length, command)
    .bytes(sequence)
    .bytes(body)
    .done();
}

export function response(command: number, sequence: Sequence, result: number): Buffer {
  return packet(command + RESPONSE, sequence, new Writer().u8(result).zeros(8).done());
}

export function headOf(frame: Buffer): {
  command: number;
  sequence: Sequence;
  counter: number;
  body: Reader;
} {
  const body = new Reader(frame);
  body.u32();
  const command = body.u32();
  const sequence = Buffer.from(body.take(12));
  return { command, sequence, counter: sequence.readUInt32BE(8), body };
}

export interface Bind {
  type: number;
  name: string;
  password: string;
}

/** @throws Malformed */
export function readBind(body: Reader): Bind {
  const bind = { type: body.u8(), name: body.text(16), password: body.text(16) };
  body.take(8);
  return bind;
}

export function bindBody({ type, name, password }: Bind): Buffer {
  return new Writer().u8(type).text(name, 16).text(password, 16).zeros(8).done();
}

/** ReportFlag. */
export const REPORT = { failures: 0, always: 1 } as const;

export interface Submit {
  from: string;
  to: string[];
  reportFlag: number;
  udhi: boolean;
  coding: number;
  content: Buffer;
}

/** @throws Malformed */
export function readSubmit(body: Reader): Submit {
  const from = body.text(21);
  body.take(21);
  const to = Array.from({ length: body.u8() }, () => body.text(21));
  // CorpId, ServiceType, FeeType, FeeValue, GivenValue, AgentFlag, MorelatetoMTFlag, Priority, ExpireTime, ScheduleTime.
  body.take(5 + 10 + 1 + 6 + 6 + 1 + 1 + 1 + 16 + 16);
  const reportFlag = body.u8();
  body.u8();
  const [udhi, coding] = [body.u8() === 1, body.u8()];
  body.u8();
  const content = body.take(body.u32());
  body.take(8);
  return { from, to, reportFlag, udhi, coding, content };
}

export interface Deliver {
  from: string;
  to: string;
  udhi: boolean;
  coding: number;
  content: Buffer;
}

export function deliverBody({ from, to, udhi, coding, content }: Deliver): Buffer {
  return new Writer()
    .text(from, 21)
    .text(to, 21)
    .u8(0, udhi ? 1 : 0, coding)
    .u32(content.length)
    .bytes(content)
    .zeros(8)
    .done();
}

/** @param error 0, or why the handset did not get it */
export function reportBody(submit: Sequence, handset: string, error: number): Buffer {
  return new Writer()
    .bytes(submit)
    .u8(0)
    .text(handset, 21)
    .u8(error === 0 ? 0 : 2, error)
    .zeros(8)
    .done();
}

const CODINGS: Record<Alphabet, number> = { ascii: 0, gsm7: 0, latin1: 0, binary: 4, ucs2: 8, gb18030: 15 };

export function codingOf(alphabet: Alphabet): number {
  return CODINGS[alphabet];
}

/** MessageCoding. @returns undefined for one that the document does not have */
export function alphabetOf(coding: number): Alphabet | undefined {
  const known: Readonly<Record<number, Alphabet>> = {
    0: 'ascii',
    3: 'binary',
    4: 'binary',
    8: 'ucs2',
    15: 'gb18030',
  };
  return known[coding];
}
