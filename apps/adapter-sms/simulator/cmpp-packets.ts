/** Packets of CMPP 2.0 and 3.0 (China Mobile, QB-GF-028-2003) as bytes. Version 3 has wider numbers and results. */
import type { Alphabet } from './alphabets.js';
import { Malformed, Reader, Writer } from './bytes.js';

export const HEADER_BYTES = 12;
export const COMMAND = {
  connect: 1,
  terminate: 2,
  submit: 4,
  deliver: 5,
  cancel: 7,
  activeTest: 8,
} as const;
export const RESPONSE = 0x80000000;

export const CONNECT = { ok: 0, name: 2, secret: 3, version: 4 } as const;
export const RESULT = {
  ok: 0,
  structure: 1,
  repeated: 3,
  tooLong: 6,
  flow: 8,
  source: 10,
  service: 11,
  destination: 13,
} as const;

/** Bytes of the number of a handset. */
const terminal = (version: number) => (version === 3 ? 32 : 21);

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

/** A result has one byte in version 2 and four in version 3. */
export function result(version: number, code: number): Buffer {
  return version === 3 ? new Writer().u32(code).done() : Buffer.from([code]);
}

export interface Submit {
  registered: number;
  udhi: boolean;
  format: number;
  spId: string;
  from: string;
  to: string[];
  content: Buffer;
}

/** @throws Malformed */
export function readSubmit(body: Reader, version: number): Submit {
  body.take(8 + 1 + 1);
  const registered = body.u8();
  // Msg_level, Service_Id, Fee_UserType, Fee_terminal_Id, its type, TP_pId.
  body.take(1 + 10 + 1 + terminal(version) + (version === 3 ? 1 : 0) + 1);
  const [udhi, format] = [body.u8() === 1, body.u8()];
  const spId = body.text(6);
  // FeeType, FeeCode, ValId_Time, At_Time.
  body.take(2 + 6 + 17 + 17);
  const from = body.text(21);
  const to = Array.from({ length: body.u8() }, () => body.text(terminal(version)));
  if (version === 3) body.u8();
  const content = body.take(body.u8());
  body.take(version === 3 ? 20 : 8);
  if (body.left > 0) throw new Malformed(`${body.left} bytes after a submit`);
  return { registered, udhi, format, spId, from, to, content };
}

export interface Deliver {
  id: Buffer;
  to: string;
  from: string;
  udhi: boolean;
  format: number;
  isReport: boolean;
  content: Buffer;
}

export function deliverBody(
  { id, to, from, udhi, format, isReport, content }: Deliver,
  version: number,
): Buffer {
  const body = new Writer()
    .bytes(id)
    .text(to, 21)
    .zeros(10)
    .u8(0, udhi ? 1 : 0, format)
    .text(from, terminal(version));
  if (version === 3) body.u8(0);
  return body
    .u8(isReport ? 1 : 0, content.length)
    .bytes(content)
    .zeros(version === 3 ? 20 : 8)
    .done();
}

export interface ReportFields {
  id: Buffer;
  state: string;
  submitted: string;
  done: string;
  handset: string;
}

export function reportContent(fields: ReportFields, version: number): Buffer {
  return new Writer()
    .bytes(fields.id)
    .text(fields.state, 7)
    .text(fields.submitted, 10)
    .text(fields.done, 10)
    .text(fields.handset, terminal(version))
    .u32(1)
    .done();
}

const FORMATS: Record<Alphabet, number> = { ascii: 0, gsm7: 0, latin1: 0, binary: 4, ucs2: 8, gb18030: 15 };

export function formatOf(alphabet: Alphabet): number {
  return FORMATS[alphabet];
}

/** Msg_Fmt. @returns undefined for one that the document does not have */
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
