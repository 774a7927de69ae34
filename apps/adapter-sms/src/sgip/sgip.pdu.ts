/** Frames of SGIP 1.2 (Unicom, 4.2) as types, and their bytes. Pure. */
import {
  counted,
  hexDigits,
  nothing,
  paddedText,
  record,
  sized,
  uint32,
  uint8,
  type Field,
} from '../fields.js';
import { pduCodec, responseId, type Frame, type Pdu, type PduCodec } from '../pdu.js';

export interface Bind {
  /** 1 from the service provider to the gateway · 2 from the gateway to the service provider. */
  type: number;
  name: string;
  password: string;
  reserve: string;
}

/** Of every request but an unbind. */
export interface Response {
  result: number;
  reserve: string;
}

export interface Submit {
  sourceNumber: string;
  chargeNumber: string;
  destinations: string[];
  corporationId: string;
  serviceType: string;
  feeType: number;
  feeValue: string;
  givenValue: string;
  agentFlag: number;
  /** Why it is sent: 0 the first answer to a message · 1 a further one · 2 no answer · 3 the system. */
  cause: number;
  priority: number;
  validUntil: string;
  sendAt: string;
  /** 0 on failure only · 1 always · 2 never · 3 a monthly fee and no message. */
  reportFlag: number;
  protocolId: number;
  hasHeader: number;
  format: number;
  type: number;
  content: Buffer;
  reserve: string;
}

export interface Deliver {
  source: string;
  destination: string;
  protocolId: number;
  hasHeader: number;
  format: number;
  content: Buffer;
  reserve: string;
}

export interface Report {
  /** Sequence number of the submit. */
  submitted: string;
  /** 0 about a submit · 1 about a deliver that was passed on between gateways. */
  type: number;
  person: string;
  /** 0 delivered · 1 waiting · 2 failed. */
  state: number;
  error: number;
  reserve: string;
}

export interface SgipBodies {
  bind: Bind;
  bindResponse: Response;
  unbind: Record<string, never>;
  unbindResponse: Record<string, never>;
  submit: Submit;
  submitResponse: Response;
  deliver: Deliver;
  deliverResponse: Response;
  report: Report;
  reportResponse: Response;
}

/** A sequence number: 24 hexadecimal digits. */
export type SgipPdu = Pdu<SgipBodies, string>;
export type SgipFrame = Frame<SgipPdu>;
export type SgipCodec = PduCodec<SgipBodies, string>;

const sequence = hexDigits(12);
const number = paddedText(21);
const reserve = paddedText(8);
const response = record<Response>({ result: uint8, reserve });

/**
 * Three numbers of 32 bits: who sends a command, when (3.4), and a count. Unique for a year; reports name a message by it.
 * @param monthToSecond MMDDhhmmss
 */
const parts: Field<{ node: number; monthToSecond: number; count: number }> = record({
  node: uint32,
  monthToSecond: uint32,
  count: uint32,
});
export function sgipSequence(node: number, monthToSecond: number, count: number): string {
  return parts.write({ node, monthToSecond, count }).toString('hex');
}

export const sgipCodec: SgipCodec = pduCodec<SgipBodies, string>({
  sequence,
  sequenceBytes: 12,
  commands: {
    bind: {
      id: 1,
      body: record<Bind>({ type: uint8, name: paddedText(16), password: paddedText(16), reserve }),
    },
    bindResponse: { id: responseId(1), body: response },
    unbind: { id: 2, body: nothing },
    unbindResponse: { id: responseId(2), body: nothing },
    submit: {
      id: 3,
      body: record<Submit>({
        sourceNumber: number,
        chargeNumber: number,
        destinations: counted(number),
        corporationId: paddedText(5),
        serviceType: paddedText(10),
        feeType: uint8,
        feeValue: paddedText(6),
        givenValue: paddedText(6),
        agentFlag: uint8,
        cause: uint8,
        priority: uint8,
        validUntil: paddedText(16),
        sendAt: paddedText(16),
        reportFlag: uint8,
        protocolId: uint8,
        hasHeader: uint8,
        format: uint8,
        type: uint8,
        content: sized(uint32),
        reserve,
      }),
    },
    submitResponse: { id: responseId(3), body: response },
    deliver: {
      id: 4,
      body: record<Deliver>({
        source: number,
        destination: number,
        protocolId: uint8,
        hasHeader: uint8,
        format: uint8,
        content: sized(uint32),
        reserve,
      }),
    },
    deliverResponse: { id: responseId(4), body: response },
    report: {
      id: 5,
      body: record<Report>({
        submitted: sequence,
        type: uint8,
        person: number,
        state: uint8,
        error: uint8,
        reserve,
      }),
    },
    reportResponse: { id: responseId(5), body: response },
  },
});
