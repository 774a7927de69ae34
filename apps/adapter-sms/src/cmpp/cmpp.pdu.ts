/** Frames of CMPP 2.0 and 3.0 (QB-GF-028-2003, 8.3 and 8.4) as types, and their bytes. Pure. */
import { HubError } from '#protocol';
import {
  absent,
  counted,
  hexDigits,
  nothing,
  octets,
  paddedText,
  readFields,
  record,
  sized,
  uint32,
  uint8,
  type Field,
} from '../fields.js';
import { pduCodec, responseId, type Frame, type Pdu, type PduCodec } from '../pdu.js';

export type CmppVersion = '2.0' | '3.0';

export interface Connect {
  sourceAddress: string;
  authenticator: Buffer;
  /** Major and minor version in four bits each. */
  version: number;
  timestamp: number;
}

export interface ConnectResponse {
  status: number;
  authenticator: Buffer;
  version: number;
}

export interface Submit {
  messageId: string;
  total: number;
  number: number;
  /** 1: a report is wanted. */
  registeredDelivery: number;
  level: number;
  serviceId: string;
  /** Who pays: 0 the recipient · 1 the sender · 2 the service provider · 3 `feeNumber`. */
  feeUserType: number;
  feeNumber: string;
  feeNumberType: number;
  protocolId: number;
  hasHeader: number;
  format: number;
  /** Identifier of the service provider. */
  source: string;
  feeType: string;
  feeCode: string;
  validUntil: string;
  sendAt: string;
  sourceNumber: string;
  destinations: string[];
  destinationType: number;
  content: Buffer;
  linkId: string;
}

/** Of a submit and of a deliver. */
export interface MessageResponse {
  messageId: string;
  result: number;
}

export interface Deliver {
  messageId: string;
  destination: string;
  serviceId: string;
  protocolId: number;
  hasHeader: number;
  format: number;
  source: string;
  sourceType: number;
  /** 1: the content is a report. */
  isReport: number;
  content: Buffer;
  linkId: string;
}

export interface CmppBodies {
  connect: Connect;
  connectResponse: ConnectResponse;
  terminate: Record<string, never>;
  terminateResponse: Record<string, never>;
  submit: Submit;
  submitResponse: MessageResponse;
  deliver: Deliver;
  deliverResponse: MessageResponse;
  activeTest: Record<string, never>;
  activeTestResponse: { reserved: number };
}

export type CmppPdu = Pdu<CmppBodies, number>;
export type CmppFrame = Frame<CmppPdu>;
export type CmppCodec = PduCodec<CmppBodies, number>;

/** 64 bits, as 16 hexadecimal digits. */
const messageId = hexDigits(8);
/** For what has no identifier: a submit, and a deliver of a gateway that numbers nothing. */
export const NO_ID = '0'.repeat(16);
const ID_BYTES = 8;

/**
 * A status has one byte in 2.0 and four in 3.0; what is left of the body tells which. A gateway that refuses a version
 * answers a login of 3.0 in the form of 2.0.
 * @param behind bytes of the body behind the status
 */
function status(version: CmppVersion, behind: number): Field<number> {
  const written = version === '2.0' ? uint8 : uint32;
  return {
    read: (from) => (from.left - behind === 1 ? uint8 : uint32).read(from),
    write: (value) => written.write(value),
  };
}

/** @param version of the frames that are written and read; the two differ in the widths of numbers and of states */
export function cmppCodec(version: CmppVersion): CmppCodec {
  const is2 = version === '2.0';
  const personNumber = paddedText(is2 ? 21 : 32);
  const numberType = is2 ? absent(0) : uint8;
  const linkId = paddedText(is2 ? 8 : 20);
  const messageResponse = record<MessageResponse>({ messageId, result: status(version, 0) });
  return pduCodec<CmppBodies, number>({
    sequence: uint32,
    sequenceBytes: 4,
    commands: {
      connect: {
        id: 1,
        body: record<Connect>({
          sourceAddress: paddedText(6),
          authenticator: octets(16),
          version: uint8,
          timestamp: uint32,
        }),
      },
      connectResponse: {
        id: responseId(1),
        body: record<ConnectResponse>({
          status: status(version, 17),
          authenticator: octets(16),
          version: uint8,
        }),
      },
      terminate: { id: 2, body: nothing },
      terminateResponse: { id: responseId(2), body: nothing },
      submit: {
        id: 4,
        body: record<Submit>({
          messageId,
          total: uint8,
          number: uint8,
          registeredDelivery: uint8,
          level: uint8,
          serviceId: paddedText(10),
          feeUserType: uint8,
          feeNumber: personNumber,
          feeNumberType: numberType,
          protocolId: uint8,
          hasHeader: uint8,
          format: uint8,
          source: paddedText(6),
          feeType: paddedText(2),
          feeCode: paddedText(6),
          validUntil: paddedText(17),
          sendAt: paddedText(17),
          sourceNumber: paddedText(21),
          destinations: counted(personNumber),
          destinationType: numberType,
          content: sized(uint8),
          linkId,
        }),
      },
      submitResponse: { id: responseId(4), body: messageResponse },
      deliver: {
        id: 5,
        body: record<Deliver>({
          messageId,
          destination: paddedText(21),
          serviceId: paddedText(10),
          protocolId: uint8,
          hasHeader: uint8,
          format: uint8,
          source: personNumber,
          sourceType: numberType,
          isReport: uint8,
          content: sized(uint8),
          linkId,
        }),
      },
      deliverResponse: { id: responseId(5), body: messageResponse },
      activeTest: { id: 8, body: nothing },
      activeTestResponse: { id: responseId(8), body: record({ reserved: uint8 }) },
    },
  });
}

/** The content of a deliver whose `isReport` is 1. */
export interface Report {
  /** Of the submit. */
  messageId: string;
  stat: string;
  submittedAt: string;
  doneAt: string;
  destination: string;
  sequence: number;
}

function reportLayout(numberBytes: number): Field<Report> {
  return record<Report>({
    messageId,
    stat: paddedText(7),
    submittedAt: paddedText(10),
    doneAt: paddedText(10),
    destination: paddedText(numberBytes),
    sequence: uint32,
  });
}

const REPORT_LAYOUTS = new Map([
  [ID_BYTES + 52, reportLayout(21)],
  [ID_BYTES + 63, reportLayout(32)],
]);

/** What a state can look like. Anything else in its place means that the fields are in other places. */
const STAT = /^[\x20-\x7e]{1,7}$/;

/**
 * The length tells the version: some gateways write reports of 2.0 on links of 3.0.
 * @throws HubError 30
 */
export function readReport(content: Buffer): Report {
  const layout = REPORT_LAYOUTS.get(content.length);
  if (!layout) throw new HubError('30', `a report of ${content.length} bytes instead of 60 or 71`);
  const report = readFields(layout, content);
  if (!STAT.test(report.stat)) throw new HubError('30', 'a report without a state in its place');
  return report;
}
