/** Segments <-> the parts of an SMPP message that carry text: esm_class, data_coding, header, sar parameters. Pure. */
import { HubError } from '#protocol';
import { readNumber } from '../person-number.js';
import type { Alphabet, Concatenation, ReceiptWish, Segment } from '../sms.link.js';
import { readUserData, writeUserData } from '../user-data-header.js';
import { TAG, type SmppMessage } from './smpp.pdu.js';

/** esm_class (5.2.12). */
const UDHI = 0x40;
const MESSAGE_TYPE = 0x3c;
/** Delivery receipt; acknowledgement by the recipient's own program. */
const RECEIPTS: ReadonlySet<number> = new Set([0x04, 0x08]);
/** data_coding (5.2.19). COMPAT(gateways of China, any): 15 is GBK, as in their other protocols. */
const CODINGS: Readonly<Partial<Record<Alphabet, number>>> = { ascii: 1, latin1: 3, ucs2: 8, gb18030: 15 };
const ALPHABETS = new Map<number, Alphabet>([
  [1, 'ascii'],
  [3, 'latin1'],
  [8, 'ucs2'],
  [15, 'gb18030'],
]);
/** The message class of GSM 03.38: one bit tells data from text. */
const MESSAGE_CLASS = 0xf0;
const CLASS_OF_DATA = 0x04;
const INTERNATIONAL = 1;
/** registered_delivery (5.2.17): the bits of a receipt of the centre. 3 is reserved, and means no less than 1. */
const RECEIPT_WISHES: readonly (ReceiptWish | undefined)[] = [undefined, 'always', 'failures', 'always'];

export interface ContentForm {
  /** What data_coding 0 means here. */
  standard: Alphabet;
  /** How a long text is marked. */
  long: 'udh' | 'sar';
}

export function isReceipt({ esmClass }: SmppMessage): boolean {
  return RECEIPTS.has(esmClass & MESSAGE_TYPE);
}

/** The receipt of the centre that a message asks for. */
export function wishIn({ registered }: SmppMessage): ReceiptWish | undefined {
  return RECEIPT_WISHES[registered & 0x03];
}

/** @throws HubError 30 for a header that is none */
export function readSegment(message: SmppMessage, { standard }: ContentForm): Segment {
  const { from, fromKind, to, coding, tags } = message;
  const text = Buffer.from(message.text);
  const alphabet = alphabetOf(coding, standard);
  const parties = {
    person: fromKind.ton === INTERNATIONAL ? from.replace(/\D/g, '') : readNumber(from),
    service: to.replace(/\D/g, ''),
  };
  if ((message.esmClass & UDHI) === 0) {
    const sar = sarOf(tags);
    return { ...parties, alphabet, text, ...(sar ? { concatenation: sar } : {}) };
  }
  const data = readUserData(text);
  return {
    ...parties,
    alphabet: data.ports ? 'binary' : alphabet,
    text: data.text,
    ...(data.concatenation ? { concatenation: data.concatenation } : {}),
  };
}

type WrittenContent = Pick<SmppMessage, 'esmClass' | 'coding' | 'text' | 'tags'>;

/** @throws HubError 12 for an alphabet without a number */
export function writeContent(
  { alphabet, text, concatenation }: Segment,
  { standard, long }: ContentForm,
): WrittenContent {
  const coding = alphabet === standard ? 0 : CODINGS[alphabet];
  if (coding === undefined) throw new HubError('12', `SMPP has no number for the alphabet ${alphabet}`);
  if (!concatenation) return { esmClass: 0, coding, text, tags: new Map() };
  if (long === 'sar') return { esmClass: 0, coding, text, tags: sarTags(concatenation) };
  return { esmClass: UDHI, coding, text: writeUserData({ concatenation, text }), tags: new Map() };
}

function alphabetOf(coding: number, standard: Alphabet): Alphabet {
  if (coding === 0) return standard;
  if (coding >= MESSAGE_CLASS) return (coding & CLASS_OF_DATA) === 0 ? 'gsm7' : 'binary';
  return ALPHABETS.get(coding) ?? 'binary';
}

/** 5.3.2.22 to 5.3.2.24. */
function sarOf(tags: ReadonlyMap<number, Buffer>): Concatenation | undefined {
  const reference = tags.get(TAG.reference);
  const [total = 0, part = 0] = [tags.get(TAG.total)?.[0], tags.get(TAG.part)?.[0]];
  if (reference?.length !== 2 || part < 1 || part > total) return undefined;
  return { bits: 16, reference: reference.readUInt16BE(), total, part };
}

function sarTags({ reference, total, part }: Concatenation): Map<number, Buffer> {
  const number = Buffer.alloc(2);
  number.writeUInt16BE(reference);
  return new Map([
    [TAG.reference, number],
    [TAG.total, Buffer.of(total)],
    [TAG.part, Buffer.of(part)],
  ]);
}
