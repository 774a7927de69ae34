/** SGIP for the shared session: login in both directions, and what a text and its report look like on this link. */
import type { SessionProtocol } from '#adapter-session';
import { HubError } from '#protocol';
import { secretsEqual } from '#service';
import type { Delivery } from '../deliveries.js';
import { readContent, writeContent } from '../message-format.js';
import { pduProtocol } from '../pdu.js';
import { readNumber, writtenNumber } from '../person-number.js';
import type { ReportState, Segment } from '../sms.link.js';
import type { SgipSettings } from './sgip.config.js';
import { LOGIN_ANSWER } from './sgip.errors.js';
import { sgipCodec, type Bind, type Deliver, type Report, type SgipFrame, type Submit } from './sgip.pdu.js';

const LOGIN = { toGateway: 1, fromGateway: 2 } as const;
const NOT_AN_ANSWER = 2;
const ALWAYS = 1;

export const SGIP_PROTOCOL: SessionProtocol<SgipFrame> = pduProtocol('SGIP', sgipCodec, () => undefined);

export function bindOf({ SMS_ACCOUNT: name, SMS_SECRET: password }: SgipSettings): Bind {
  return { type: LOGIN.toGateway, name, password, reserve: '' };
}

/** @returns the result for the gateway that logs in */
export function loginAnswer(bind: Bind, settings: SgipSettings): number {
  if (bind.type !== LOGIN.fromGateway) return LOGIN_ANSWER.wrongType;
  const {
    SMS_GATEWAY_ACCOUNT: name = settings.SMS_ACCOUNT,
    SMS_GATEWAY_SECRET: secret = settings.SMS_SECRET,
  } = settings;
  const isKnown = secretsEqual(bind.name, name) && secretsEqual(bind.password, secret);
  return isKnown ? LOGIN_ANSWER.accepted : LOGIN_ANSWER.refused;
}

/** @throws HubError 12, 30 or 61 when the segment has no room or no name in this protocol */
export function submitOf(segment: Segment, settings: SgipSettings): Submit {
  const { hasHeader, format, bytes: content } = writeContent(segment);
  return {
    sourceNumber: segment.service,
    chargeNumber: settings.SMS_FEE_NUMBER,
    destinations: [writtenNumber(segment.person, settings.SMS_NUMBER_FORM)],
    corporationId: settings.SMS_CORPORATION_ID,
    serviceType: settings.SMS_SERVICE_ID,
    feeType: settings.SMS_FEE_TYPE,
    feeValue: settings.SMS_FEE_CODE,
    givenValue: '0',
    agentFlag: 0,
    cause: NOT_AN_ANSWER,
    priority: 0,
    validUntil: '',
    sendAt: '',
    reportFlag: ALWAYS,
    protocolId: 0,
    hasHeader,
    format,
    type: 0,
    content,
    reserve: '',
  };
}

/** @throws HubError 30 when the content is not what its header says */
export function segmentOf(deliver: Deliver, sequence: string, bytes: Buffer): Delivery {
  const { content, destination, format, hasHeader, source } = deliver;
  const segment = {
    person: readNumber(source),
    service: destination.trim(),
    ...readContent({ hasHeader, format, bytes: content }),
    id: sequence,
    native: bytes.toString('hex'),
  };
  return { kind: 'segment', segment };
}

/** `undefined`: on its way, another report follows. */
const STATES = new Map<number, ReportState | undefined>([
  [0, 'delivered'],
  [1, undefined],
  [2, 'failed'],
]);

/**
 * The detail is the error code of the carrier, 0 for none.
 * @throws HubError 30 for a report between gateways, which is none of ours, and for a state that the document does not have
 */
export function reportOf({ submitted: messageId, type, person, state: written, error }: Report): Delivery {
  if (type !== 0 || !STATES.has(written))
    throw new HubError('30', `a report of type ${type} with the state ${written}`);
  const state = STATES.get(written);
  if (!state) return { kind: 'intermediate' };
  return { kind: 'report', report: { messageId, person: readNumber(person), state, detail: String(error) } };
}
