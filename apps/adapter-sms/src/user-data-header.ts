/** What stands before the text of a short message when TP-UDHI is set (3GPP TS 23.040, 9.2.3.24). Pure. */
import { HubError } from '#protocol';
import { FieldReader } from './fields.js';
import type { Concatenation } from './sms.link.js';

/** Programs on a phone and at the sender: what carries them is no text for a person. */
export interface Ports {
  destination: number;
  source: number;
}

export interface UserData {
  concatenation?: Concatenation;
  ports?: Ports;
  text: Uint8Array;
}

/** Information element identifiers. */
const CONCATENATED_8 = 0x00;
const PORTS_8 = 0x04;
const PORTS_16 = 0x05;
const CONCATENATED_16 = 0x08;

/**
 * @param content with a header at its beginning
 * @throws HubError 30 when the header is longer than the content, or an element longer than the header
 */
export function readUserData(content: Buffer): UserData {
  const whole = new FieldReader(content);
  const header = new FieldReader(whole.take(whole.take(1).readUInt8()));
  const data: UserData = { text: new Uint8Array() };
  while (header.left > 0) {
    const id = header.take(1).readUInt8();
    readElement(id, header.take(header.take(1).readUInt8()), data);
  }
  data.text = whole.take(whole.left);
  return data;
}

/** An element of another kind, or of the wrong size, says nothing. */
function readElement(id: number, element: Buffer, data: UserData): void {
  if (id === CONCATENATED_8 && element.length === 3)
    setConcatenation(data, 8, element.readUInt8(0), element.subarray(1));
  if (id === CONCATENATED_16 && element.length === 4)
    setConcatenation(data, 16, element.readUInt16BE(0), element.subarray(2));
  if (id === PORTS_8 && element.length === 2)
    data.ports = { destination: element.readUInt8(0), source: element.readUInt8(1) };
  if (id === PORTS_16 && element.length === 4)
    data.ports = { destination: element.readUInt16BE(0), source: element.readUInt16BE(2) };
}

/** 9.2.3.24.1: a part number of zero or beyond the total makes the element void. */
function setConcatenation(data: UserData, bits: 8 | 16, reference: number, of: Buffer): void {
  const [total, part] = [of.readUInt8(0), of.readUInt8(1)];
  if (part >= 1 && part <= total) data.concatenation = { bits, reference, total, part };
}

/** @returns the header and the text; the text alone when there is nothing to say before it */
export function writeUserData({ concatenation, ports, text }: UserData): Buffer {
  const elements = Buffer.concat([
    ...(concatenation ? [concatenationElement(concatenation)] : []),
    ...(ports ? [portsElement(ports)] : []),
  ]);
  if (elements.length === 0) return Buffer.from(text);
  return Buffer.concat([Buffer.of(elements.length), elements, text]);
}

function concatenationElement({ bits, reference, total, part }: Concatenation): Buffer {
  const widest = bits === 8 ? 0xff : 0xffff;
  if (reference > widest || total > 0xff || part < 1 || part > total)
    throw new HubError('30', `part ${part} of ${total} with the reference ${reference} of ${bits} bits`);
  if (bits === 8) return Buffer.of(CONCATENATED_8, 3, reference, total, part);
  return Buffer.of(CONCATENATED_16, 4, reference >> 8, reference & 0xff, total, part);
}

/** Always 16 bits wide: a phone that reads ports reads both widths. */
function portsElement({ destination, source }: Ports): Buffer {
  const element = Buffer.from([PORTS_16, 4, 0, 0, 0, 0]);
  element.writeUInt16BE(destination, 2);
  element.writeUInt16BE(source, 4);
  return element;
}
