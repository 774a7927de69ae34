/** PDUs of SMPP 3.4 as bytes: the header (3.2), messages (4.4.1, 4.6.1), optional parameters (5.3.1). */
import type { Alphabet } from './alphabets.js';
import { Malformed, Reader, Writer } from './bytes.js';

export const HEADER_BYTES = 16;
export const UDHI = 0x40;
export const RECEIPT = 0x04;

export type Tags = ReadonlyMap<number, Buffer>;

export interface SmppMessage {
  from: string;
  to: string;
  esmClass: number;
  registered: number;
  coding: number;
  content: Buffer;
  tags: Tags;
}

export function pdu(
  command: number,
  status: number,
  sequence: number,
  body: Buffer = Buffer.alloc(0),
): Buffer {
  return new Writer()
    .u32(HEADER_BYTES + body.length, command, status, sequence)
    .bytes(body)
    .done();
}

export function headOf(frame: Buffer): { command: number; status: number; sequence: number; body: Reader } {
  const head = new Reader(frame);
  head.u32();
  const [command, status, sequence] = [head.u32(), head.u32(), head.u32()];
  return { command, status, sequence, body: head };
}

/** submit_sm and deliver_sm. @throws Malformed */
export function readMessage(body: Reader): SmppMessage {
  body.string(6);
  const from = addressIn(body, 21);
  const to = addressIn(body, 21);
  const esmClass = body.u8();
  body.take(2);
  body.string(17);
  body.string(17);
  const registered = body.u8();
  body.u8();
  const coding = body.u8();
  body.u8();
  const content = body.take(body.u8());
  return { from, to, esmClass, registered, coding, content, tags: readTags(body) };
}

/** data_sm (4.7.1): its text is in message_payload. @throws Malformed */
export function readData(body: Reader): SmppMessage {
  body.string(6);
  const from = addressIn(body, 65);
  const to = addressIn(body, 65);
  const [esmClass, registered, coding] = [body.u8(), body.u8(), body.u8()];
  return { from, to, esmClass, registered, coding, content: Buffer.alloc(0), tags: readTags(body) };
}

function addressIn(body: Reader, most: number): string {
  body.take(2);
  return body.string(most).replace(/^\+/, '');
}

export function readTags(body: Reader): Tags {
  const tags = new Map<number, Buffer>();
  while (body.left > 0) {
    const tag = body.u16();
    tags.set(tag, body.take(body.u16()));
  }
  return tags;
}

export interface Outgoing {
  from: string;
  to: string;
  esmClass: number;
  coding: number;
  content: Buffer;
  tags?: Iterable<[tag: number, value: Buffer]>;
}

/** From a handset to the service (5.2.5, 5.2.6): an international number, and one whose type is unknown; both of plan E.164. */
export function writeMessage({ from, to, esmClass, coding, content, tags = [] }: Outgoing): Buffer {
  const body = new Writer()
    .string('')
    .u8(1, 1)
    .string(from)
    .u8(0, 1)
    .string(to)
    .u8(esmClass, 0, 0, 0, 0, 0, 0, coding, 0, content.length)
    .bytes(content);
  for (const [tag, value] of tags) body.u16(tag).u16(value.length).bytes(value);
  return body.done();
}

/** data_coding (5.2.19). @throws Malformed */
export function alphabetOf(coding: number, standard: Alphabet): Alphabet {
  const known = { 0: standard, 1: 'ascii', 2: 'binary', 3: 'latin1', 4: 'binary', 8: 'ucs2' } as const;
  if (coding in known) return known[coding as keyof typeof known];
  // The message class of GSM: bit 2 tells 8-bit data from the default alphabet.
  if (coding >= 0xf0) return (coding & 0x04) === 0 ? 'gsm7' : 'binary';
  throw new Malformed(`data_coding ${coding}`);
}

export function codingOf(alphabet: Alphabet, standard: Alphabet): number {
  if (alphabet === standard) return 0;
  const codes = { gsm7: 0, ascii: 1, latin1: 3, binary: 4, ucs2: 8 } as const;
  if (alphabet === 'gb18030') throw new Error('SMPP has no GB18030');
  return codes[alphabet];
}
