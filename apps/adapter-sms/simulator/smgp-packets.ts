/** Packets of SMGP 3.0 (China Telecom) as bytes, with their optional parameters. */
import type { Alphabet } from './alphabets.js';
import { Reader, Writer } from './bytes.js';

export const HEADER_BYTES = 12;
export const COMMAND = { login: 1, submit: 2, deliver: 3, activeTest: 4, exit: 6 } as const;
export const RESPONSE = 0x80000000;

export const STATUS = {
  ok: 0,
  busy: 1,
  structure: 10,
  command: 11,
  repeated: 12,
  secret: 21,
  version: 22,
  messageType: 30,
  format: 35,
  length: 36,
  source: 46,
  destination: 48,
} as const;

const TAG = { udhi: 0x02, total: 0x09, number: 0x0a } as const;

export function packet(command: number, sequence: number, body: Buffer = Buffer.alloc(0)): Buffer {
  return new Writer()
    .u32(HEADER_BYTES + body.length, command, sequence)
    .bytes(body)
    .done();
}

export function headOf(frame: Buffer): { command: number; sequence: number; body: Reader } {
  const body = new Reader(frame);
  body.u32();
  return { command: body.u32(), sequence: body.u32(), body };
}

export interface Submit {
  type: number;
  needReport: boolean;
  udhi: boolean;
  format: number;
  from: string;
  to: string[];
  content: Buffer;
}

/** @throws Malformed */
export function readSubmit(body: Reader): Submit {
  const [type, needReport] = [body.u8(), body.u8() === 1];
  // Priority, ServiceID, FeeType, FeeCode, FixedFee.
  body.take(1 + 10 + 2 + 6 + 6);
  const format = body.u8();
  body.take(17 + 17);
  const from = body.text(21);
  body.take(21);
  const to = Array.from({ length: body.u8() }, () => body.text(21));
  const content = body.take(body.u8());
  body.take(8);
  let udhi = false;
  while (body.left > 0) {
    const tag = body.u16();
    const value = body.take(body.u16());
    if (tag === TAG.udhi) udhi = value[0] === 1;
  }
  return { type, needReport, udhi, format, from, to, content };
}

export interface Deliver {
  id: Buffer;
  isReport: boolean;
  format: number;
  /** YYYYMMDDhhmmss. */
  received: string;
  from: string;
  to: string;
  header: Buffer;
  text: Buffer;
}

export function deliverBody({ id, isReport, format, received, from, to, header, text }: Deliver): Buffer {
  const body = new Writer()
    .bytes(id)
    .u8(isReport ? 1 : 0, format)
    .text(received, 14)
    .text(from, 21)
    .text(to, 21)
    .u8(header.length + text.length)
    .bytes(header)
    .bytes(text)
    .zeros(8);
  if (header.length > 0) {
    body.u16(TAG.udhi).u16(1).u8(1);
    const [total = 1, number = 1] = header.subarray(-2);
    body.u16(TAG.total).u16(1).u8(total).u16(TAG.number).u16(1).u8(number);
  }
  return body.done();
}

export interface ReportFields {
  id: Buffer;
  state: string;
  submitted: string;
  done: string;
}

/** In what gateways differ. */
export interface ReportHabits {
  /** How labels are spelled. */
  labels: 'lower' | 'capitals';
  /** The id as its ten bytes between labels in ASCII, as in the document, or as their twenty digits. */
  reportIds: 'raw' | 'digits';
}

/** 122 bytes in the document, every field at its place. */
export function reportContent(
  { id, state, submitted, done }: ReportFields,
  { labels, reportIds }: ReportHabits,
): Buffer {
  const delivered = state === 'DELIVRD';
  const [submitDate, doneDate, stat, err, text] =
    labels === 'lower'
      ? [' submit date:', ' done date:', ' stat:', ' err:', ' text:']
      : [' Submit_Date:', ' Done_Date:', ' Stat:', ' Err:', ' Text:'];
  return new Writer()
    .bytes(Buffer.from('id:'))
    .bytes(reportIds === 'raw' ? id : Buffer.from(id.toString('hex')))
    .bytes(Buffer.from(` sub:001 dlvrd:${delivered ? '001' : '000'}`))
    .bytes(Buffer.from(`${submitDate}${submitted}${doneDate}${done}`))
    .bytes(Buffer.from(`${stat}${state.padEnd(7).slice(0, 7)}${err}${delivered ? '000' : '003'}`))
    .bytes(Buffer.from(`${text}000${''.padEnd(17)}`))
    .done();
}

const FORMATS: Record<Alphabet, number> = { ascii: 0, gsm7: 0, latin1: 0, binary: 4, ucs2: 8, gb18030: 15 };

export function formatOf(alphabet: Alphabet): number {
  return FORMATS[alphabet];
}

/** MsgFormat. @returns undefined for one that the document does not have */
export function alphabetOf(format: number): Alphabet | undefined {
  const known: Readonly<Record<number, Alphabet>> = {
    0: 'ascii',
    3: 'binary',
    4: 'binary',
    8: 'ucs2',
    15: 'gb18030',
  };
  return known[format];
}
