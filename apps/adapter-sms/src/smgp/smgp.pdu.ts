/** Frames of SMGP 3.0 (SMGP V3.0.3, 5.2.2 and 6) as types, and their bytes. Pure. */
import { HubError } from '#protocol';
import {
  counted,
  FieldReader,
  hexDigits,
  nothing,
  octets,
  paddedText,
  record,
  sized,
  uint16,
  uint32,
  uint8,
  type Field,
} from '../fields.js';
import { pduCodec, responseId, type Frame, type Pdu, type PduCodec } from '../pdu.js';

/** Tag -> value. Tags that nobody here knows stay as they are. */
export type OptionalParameters = ReadonlyMap<number, Buffer>;

export const TAG = { hasHeader: 0x0002, total: 0x0009, number: 0x000a, source: 0x0010 } as const;

export interface Login {
  clientId: string;
  authenticator: Buffer;
  /** 0 to send · 1 to receive · 2 both. */
  mode: number;
  timestamp: number;
  /** Major and minor version in four bits each. */
  version: number;
}

export interface LoginResponse {
  status: number;
  authenticator: Buffer;
  version: number;
}

export interface Submit {
  /** 0 from a phone · 6 to a phone · 7 from phone to phone. */
  type: number;
  needsReport: number;
  priority: number;
  serviceId: string;
  feeType: string;
  feeCode: string;
  fixedFee: string;
  format: number;
  validUntil: string;
  sendAt: string;
  sourceNumber: string;
  chargeNumber: string;
  destinations: string[];
  content: Buffer;
  reserve: string;
  parameters: OptionalParameters;
}

/** Of a submit and of a deliver. */
export interface MessageResponse {
  messageId: string;
  status: number;
}

export interface Deliver {
  messageId: string;
  isReport: number;
  format: number;
  receivedAt: string;
  source: string;
  destination: string;
  content: Buffer;
  reserve: string;
  parameters: OptionalParameters;
}

export interface SmgpBodies {
  login: Login;
  loginResponse: LoginResponse;
  submit: Submit;
  submitResponse: MessageResponse;
  deliver: Deliver;
  deliverResponse: MessageResponse;
  activeTest: Record<string, never>;
  activeTestResponse: Record<string, never>;
  exit: Record<string, never>;
  exitResponse: Record<string, never>;
}

export type SmgpPdu = Pdu<SmgpBodies, number>;
export type SmgpFrame = Frame<SmgpPdu>;
export type SmgpCodec = PduCodec<SmgpBodies, number>;

/** Ten bytes of binary-coded decimal, as 20 digits. */
const messageId = hexDigits(10);
const number = paddedText(21);
const parameterValue = sized(uint16);

/** Up to the end of the frame: tag, length and value of each. */
const parameters: Field<OptionalParameters> = {
  read(from) {
    const read = new Map<number, Buffer>();
    while (from.left > 0) read.set(uint16.read(from), parameterValue.read(from));
    return read;
  },
  write: (values) =>
    Buffer.concat([...values].flatMap(([tag, value]) => [uint16.write(tag), parameterValue.write(value)])),
};

const messageResponse = record<MessageResponse>({ messageId, status: uint32 });

export const smgpCodec: SmgpCodec = pduCodec<SmgpBodies, number>({
  sequence: uint32,
  sequenceBytes: 4,
  commands: {
    login: {
      id: 1,
      body: record<Login>({
        clientId: paddedText(8),
        authenticator: octets(16),
        mode: uint8,
        timestamp: uint32,
        version: uint8,
      }),
    },
    loginResponse: {
      id: responseId(1),
      body: record<LoginResponse>({ status: uint32, authenticator: octets(16), version: uint8 }),
    },
    submit: {
      id: 2,
      body: record<Submit>({
        type: uint8,
        needsReport: uint8,
        priority: uint8,
        serviceId: paddedText(10),
        feeType: paddedText(2),
        feeCode: paddedText(6),
        fixedFee: paddedText(6),
        format: uint8,
        validUntil: paddedText(17),
        sendAt: paddedText(17),
        sourceNumber: number,
        chargeNumber: number,
        destinations: counted(number),
        content: sized(uint8),
        reserve: paddedText(8),
        parameters,
      }),
    },
    submitResponse: { id: responseId(2), body: messageResponse },
    deliver: {
      id: 3,
      body: record<Deliver>({
        messageId,
        isReport: uint8,
        format: uint8,
        receivedAt: paddedText(14),
        source: number,
        destination: number,
        content: sized(uint8),
        reserve: paddedText(8),
        parameters,
      }),
    },
    deliverResponse: { id: responseId(3), body: messageResponse },
    activeTest: { id: 4, body: nothing },
    activeTestResponse: { id: responseId(4), body: nothing },
    exit: { id: 6, body: nothing },
    exitResponse: { id: responseId(6), body: nothing },
  },
});

/** The content of a deliver whose `isReport` is 1. */
export interface Report {
  /** Of the submit. */
  messageId: string;
  stat: string;
  error: string;
}

/** How a gateway writes the identifier into its reports: as the ten bytes that it is, or as its 20 digits. */
export type ReportId = 'binary' | 'digits';

/** Of the labels between the fields: `id:`, ` sub:`, ` dlvrd:`, ` submit date:`, ` done date:`, ` stat:`, ` err:`. */
const LABEL_BYTES = { id: 3, sub: 5, delivered: 7, submitted: 13, done: 11, stat: 6, error: 5 } as const;

/**
 * 6.2.63. Fields are found by their place: gateways spell the labels in several ways, all of the same length. The text of
 * the message behind the last field is not read.
 * @throws HubError 30
 */
export function readReport(content: Buffer, reportId: ReportId): Report {
  const from = new FieldReader(content);
  const field = (label: number, length: number) => {
    from.take(label);
    return from.take(length);
  };
  const id = field(LABEL_BYTES.id, reportId === 'binary' ? 10 : 20);
  field(LABEL_BYTES.sub, 3);
  field(LABEL_BYTES.delivered, 3);
  field(LABEL_BYTES.submitted, 10);
  field(LABEL_BYTES.done, 10);
  const stat = field(LABEL_BYTES.stat, 7).toString('latin1');
  const error = field(LABEL_BYTES.error, 3).toString('latin1');
  const messageId = reportId === 'binary' ? id.toString('hex') : id.toString('latin1');
  if (!/^[0-9a-f]{20}$/i.test(messageId) || !/^[\x20-\x7e\0]{7}$/.test(stat))
    throw new HubError(
      '30',
      `a report of ${content.length} bytes without identifier or state in their places`,
    );
  return {
    messageId: messageId.toLowerCase(),
    stat: stat.replaceAll('\0', ''),
    error: error.replaceAll('\0', ''),
  };
}
