/** PDUs of SMPP 3.4 (issue 1.2): header (3.2), bodies (4), optional parameters (5.3). Pure. */
import { lengthPrefixed, type FrameCodec, type SessionProtocol } from '#adapter-session';
import { FieldReader } from '../fields.js';

export const COMMAND = {
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  submit: 0x04,
  deliver: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  outbind: 0x0b,
  enquireLink: 0x15,
  alertNotification: 0x102,
  data: 0x103,
} as const;
const RESPONSE = 0x8000_0000;
const GENERIC_NACK = 0x8000_0000;
/** Neither side answers these (4.1.7, 4.12). */
const UNANSWERED: ReadonlySet<number> = new Set([COMMAND.outbind, COMMAND.alertNotification]);
const NAMES = new Map<number, string>(Object.entries(COMMAND).map(([name, id]) => [id, name]));

export const STATUS = {
  ok: 0,
  unknownCommand: 0x03,
  wrongState: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  bindFailed: 0x0d,
  wrongPassword: 0x0e,
  temporary: 0x64,
  permanent: 0x65,
} as const;

export const TAG = {
  payload: 0x0424,
  receiptedMessageId: 0x001e,
  messageState: 0x0427,
  networkErrorCode: 0x0423,
  reference: 0x020c,
  total: 0x020e,
  part: 0x020f,
  version: 0x0210,
} as const;

/** A frame; its body is read by whoever knows the command, so that one that cannot be read ends no connection. */
export interface SmppPdu {
  command: number;
  status: number;
  sequence: number;
  body: Buffer;
}

export interface NumberKind {
  ton: number;
  npi: number;
}

/** submit_sm, deliver_sm and data_sm. */
export interface SmppMessage {
  from: string;
  fromKind: NumberKind;
  to: string;
  toKind: NumberKind;
  esmClass: number;
  registered: number;
  coding: number;
  text: Uint8Array;
  tags: ReadonlyMap<number, Buffer>;
}

const HEADER_BYTES = 16;
/** A message_payload has up to 64 KiB (5.3.2.32). */
const MAX_PDU_BYTES = 70_000;
const MAX_ID = 65;

export const smppCodec: FrameCodec<SmppPdu> = lengthPrefixed({
  minFrameBytes: HEADER_BYTES,
  maxFrameBytes: MAX_PDU_BYTES,
  encode({ command, status, sequence, body }: SmppPdu) {
    const bytes = Buffer.alloc(HEADER_BYTES + body.length);
    for (const [at, value] of [bytes.length, command, status, sequence].entries())
      bytes.writeUInt32BE(value, at * 4);
    body.copy(bytes, HEADER_BYTES);
    return bytes;
  },
  read: (bytes) => ({
    command: bytes.readUInt32BE(4),
    status: bytes.readUInt32BE(8),
    sequence: bytes.readUInt32BE(12),
    body: bytes.subarray(HEADER_BYTES),
  }),
});

const KNOWN: ReadonlySet<number> = new Set(Object.values(COMMAND));

/** @param peer for log lines */
export function smppProtocol(peer: string): SessionProtocol<SmppPdu> {
  return {
    peer,
    codec: smppCodec,
    kindOf: ({ command }) =>
      command >= RESPONSE ? 'response' : UNANSWERED.has(command) ? 'provisional' : 'request',
    // By number alone: a generic_nack (4.3) answers any request.
    correlationId: ({ sequence }) => String(sequence),
    nameOf: ({ command }) => NAMES.get(command % RESPONSE) ?? (command === GENERIC_NACK ? 'nack' : 'unknown'),
    automaticAnswer(pdu) {
      if (pdu.command === COMMAND.enquireLink || pdu.command === COMMAND.unbind) return responseTo(pdu);
      return KNOWN.has(pdu.command) ? undefined : nack(pdu, STATUS.unknownCommand);
    },
  };
}

export function requestPdu(command: number, body: Buffer = Buffer.alloc(0)): (sequence: number) => SmppPdu {
  return (sequence) => ({ command, status: STATUS.ok, sequence, body });
}

/** With an error there is no body (4.4.2). */
export function responseTo(
  { command, sequence }: SmppPdu,
  status: number = STATUS.ok,
  body: Buffer = Buffer.alloc(0),
): SmppPdu {
  return {
    command: command + RESPONSE,
    status,
    sequence,
    body: status === STATUS.ok ? body : Buffer.alloc(0),
  };
}

export function nack({ sequence }: SmppPdu, status: number): SmppPdu {
  return { command: GENERIC_NACK, status, sequence, body: Buffer.alloc(0) };
}

/** @throws HubError 30 */
export function readMessage({ command, body }: SmppPdu): SmppMessage {
  const from = new FieldReader(body);
  return command === COMMAND.data ? readData(from) : readShortMessage(from);
}

function readShortMessage(from: FieldReader): SmppMessage {
  cString(from, 6);
  const parties = readParties(from, 21);
  const esmClass = byte(from);
  from.take(2);
  cString(from, 17);
  cString(from, 17);
  const registered = byte(from);
  byte(from);
  const coding = byte(from);
  byte(from);
  const short = from.take(byte(from));
  const tags = readTags(from);
  return { ...parties, esmClass, registered, coding, text: tags.get(TAG.payload) ?? short, tags };
}

/** 4.7.1: the text is in message_payload. */
function readData(from: FieldReader): SmppMessage {
  cString(from, 6);
  const parties = readParties(from, 65);
  const [esmClass, registered, coding] = [byte(from), byte(from), byte(from)];
  const tags = readTags(from);
  return { ...parties, esmClass, registered, coding, text: tags.get(TAG.payload) ?? Buffer.alloc(0), tags };
}

function readParties(from: FieldReader, most: number) {
  const fromKind = { ton: byte(from), npi: byte(from) };
  const source = cString(from, most);
  const toKind = { ton: byte(from), npi: byte(from) };
  return { fromKind, from: source, toKind, to: cString(from, most) };
}

/** The body of submit_sm and deliver_sm. */
export function writeMessage(message: SmppMessage): Buffer {
  const { from, fromKind, to, toKind, esmClass, registered, coding, text, tags } = message;
  const fixed = [esmClass, 0, 0, 0, 0, registered, 0, coding, 0, text.length];
  return Buffer.concat([
    Buffer.of(0, fromKind.ton, fromKind.npi),
    writeCString(from),
    Buffer.of(toKind.ton, toKind.npi),
    writeCString(to),
    Buffer.from(fixed),
    text,
    ...[...tags].map(([tag, value]) => writeTag(tag, value)),
  ]);
}

export interface Bind {
  systemId: string;
  password: string;
  systemType: string;
}

export function writeBind({ systemId, password, systemType }: Bind): Buffer {
  const version = Buffer.of(0x34, 0, 0, 0);
  return Buffer.concat([systemId, password, systemType].map(writeCString).concat(version));
}

/** @throws HubError 30 */
export function readBind({ body }: SmppPdu): Bind {
  const from = new FieldReader(body);
  return { systemId: cString(from, 16), password: cString(from, 9), systemType: cString(from, 13) };
}

/** The body of a response to a bind or a message: system_id, or message_id. COMPAT(gateways, any): some leave it out. */
export function readId({ body }: SmppPdu): string {
  return body.length === 0 ? '' : cString(new FieldReader(body), MAX_ID);
}

export function writeId(id: string): Buffer {
  return writeCString(id);
}

export function writeTag(tag: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(tag, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
}

function readTags(from: FieldReader): Map<number, Buffer> {
  const tags = new Map<number, Buffer>();
  while (from.left > 0) {
    const tag = from.take(2).readUInt16BE();
    tags.set(tag, from.take(from.take(2).readUInt16BE()));
  }
  return tags;
}

function byte(from: FieldReader): number {
  return from.take(1).readUInt8();
}

/** @param most bytes, with the NUL at the end */
function cString(from: FieldReader, most: number): string {
  let text = '';
  for (let at = 0; at < most; at++) {
    const code = byte(from);
    if (code === 0) return text;
    text += String.fromCharCode(code);
  }
  return text;
}

function writeCString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'latin1');
}
