/**
 * Frames of CMPP, SGIP and SMGP, which are built alike: length, command, sequence number, body; the highest bit of a
 * command marks a response. A protocol gives a table of its commands and their bodies.
 */
import { lengthPrefixed, type FrameCodec, type SessionProtocol } from '#adapter-session';
import { toHubError } from '#protocol';
import { readFields, uint32, type Field } from './fields.js';

/** The largest frame that is read. The longest of the documents, to a hundred people, has 3.4 kB. */
const MAX_FRAME_BYTES = 4096;
const RESPONSE = 0x8000_0000;
const COMMAND_AT = 4;
const SEQUENCE_AT = 8;

/** Whose command is unknown, or whose body is none of this command. */
export interface UnreadablePdu<Sequence> {
  name: 'unreadable';
  sequence: Sequence;
  body: { why: string; command: number };
}

/** `Bodies`: by name of the command, what its body says. */
export type Pdu<Bodies, Sequence> =
  | { [Name in keyof Bodies]: { name: Name; sequence: Sequence; body: Bodies[Name] } }[keyof Bodies]
  | UnreadablePdu<Sequence>;

/** A frame, and its bytes as they came or go. */
export interface Frame<Of> {
  readonly pdu: Of;
  readonly bytes: Buffer;
}

export interface PduTable<Bodies, Sequence> {
  sequence: Field<Sequence>;
  sequenceBytes: number;
  commands: { [Name in keyof Bodies]: { id: number; body: Field<Bodies[Name]> } };
}

export interface PduCodec<Bodies, Sequence> extends FrameCodec<Frame<Pdu<Bodies, Sequence>>> {
  /** Length, command and sequence number; the body follows. */
  readonly headerBytes: number;
  /** @throws HubError 30 when a value has no room in its field */
  frame<Name extends keyof Bodies>(
    name: Name,
    sequence: Sequence,
    body: Bodies[Name],
  ): Frame<Pdu<Bodies, Sequence>>;
  /** @param bytes of one whole frame, at least a header */
  readPdu(bytes: Buffer): Pdu<Bodies, Sequence>;
}

/** Why a frame is of no use where it came. */
export function whyNot(pdu: { name: string; body: object }): string {
  return 'why' in pdu.body ? String(pdu.body.why) : `${pdu.name} is not expected here`;
}

export function responseId(requestId: number): number {
  return requestId + RESPONSE;
}

export function pduCodec<Bodies, Sequence>(table: PduTable<Bodies, Sequence>): PduCodec<Bodies, Sequence> {
  const { sequence: sequenceField, sequenceBytes, commands } = table;
  const headerBytes = SEQUENCE_AT + sequenceBytes;
  const names = Object.keys(commands) as (keyof Bodies)[];
  const byId = new Map(names.map((name) => [commands[name].id, name]));

  const readPdu = (bytes: Buffer): Pdu<Bodies, Sequence> => {
    const sequence = readFields(sequenceField, bytes.subarray(SEQUENCE_AT, headerBytes));
    const id = bytes.readUInt32BE(COMMAND_AT);
    const name = byId.get(id);
    if (name === undefined)
      return {
        name: 'unreadable',
        sequence,
        body: { why: `unknown command 0x${id.toString(16)}`, command: id },
      };
    try {
      const body = readFields(commands[name].body, bytes.subarray(headerBytes));
      return { name, sequence, body };
    } catch (thrown) {
      const why = `${String(name)}: ${toHubError(thrown).detail}`;
      return { name: 'unreadable', sequence, body: { why, command: id } };
    }
  };

  return {
    ...lengthPrefixed<Frame<Pdu<Bodies, Sequence>>>({
      minFrameBytes: headerBytes,
      maxFrameBytes: MAX_FRAME_BYTES,
      encode: ({ bytes }) => bytes,
      read: (bytes) => ({ pdu: readPdu(bytes), bytes }),
    }),
    headerBytes,
    readPdu,
    frame(name, sequence, body) {
      const written = commands[name].body.write(body);
      const head = [uint32.write(headerBytes + written.length), uint32.write(commands[name].id)];
      const bytes = Buffer.concat([...head, sequenceField.write(sequence), written]);
      return { pdu: { name, sequence, body }, bytes };
    },
  };
}

/** These protocols for the shared session. @param answer of the requests that need no handler: keep-alives, goodbyes */
export function pduProtocol<Bodies, Sequence>(
  peer: string,
  codec: PduCodec<Bodies, Sequence>,
  answer: (pdu: Pdu<Bodies, Sequence>) => Frame<Pdu<Bodies, Sequence>> | undefined,
): SessionProtocol<Frame<Pdu<Bodies, Sequence>>> {
  const commandOf = (bytes: Buffer) => bytes.readUInt32BE(COMMAND_AT);
  return {
    peer,
    codec,
    kindOf: ({ bytes }) => (commandOf(bytes) >= RESPONSE ? 'response' : 'request'),
    correlationId: ({ bytes }) =>
      `${commandOf(bytes) % RESPONSE} ${bytes.toString('hex', SEQUENCE_AT, codec.headerBytes)}`,
    nameOf: ({ pdu }) => String(pdu.name),
    automaticAnswer: ({ pdu }) => answer(pdu),
  };
}
