/** SMGP for the shared session: login, keep-alive, and what a text and its report look like on this link. */
import type { SessionConnection, SessionProtocol } from '#adapter-session';
import { HubError } from '#protocol';
import type { Log } from '#service';
import { monthToSecond } from '../beijing-time.js';
import type { Delivery } from '../deliveries.js';
import { readContent, writeContent } from '../message-format.js';
import { pduProtocol } from '../pdu.js';
import { readNumber, writtenNumber } from '../person-number.js';
import type { Segment } from '../sms.link.js';
import type { SmgpSettings } from './smgp.config.js';
import { authenticatorClient, authenticatorServer } from './smgp.digests.js';
import { reportState, statusError } from './smgp.errors.js';
import {
  readReport,
  smgpCodec,
  TAG,
  type Deliver,
  type ReportId,
  type SmgpFrame,
  type Submit,
} from './smgp.pdu.js';

const VERSION_3_0 = 0x30;
const SEND_AND_RECEIVE = 2;
const TO_A_PHONE = 6;
const NORMAL_PRIORITY = 1;
export const NO_ID = '0'.repeat(20);

export const SMGP_PROTOCOL: SessionProtocol<SmgpFrame> = pduProtocol(
  'SMGP',
  smgpCodec,
  ({ name, sequence }) =>
    name === 'activeTest' ? smgpCodec.frame('activeTestResponse', sequence, {}) : undefined,
);

/** @throws HubError 31 when the gateway does not know the account or its secret, and others that it may refuse with */
export async function smgpLogIn(
  connection: SessionConnection<SmgpFrame>,
  { SMS_ACCOUNT: clientId, SMS_SECRET: secret }: SmgpSettings,
  log: Log,
): Promise<void> {
  const timestamp = monthToSecond(new Date());
  const authenticator = authenticatorClient(clientId, secret, timestamp);
  const body = { clientId, authenticator, mode: SEND_AND_RECEIVE, timestamp, version: VERSION_3_0 };
  const { pdu } = await connection.request((sequence) => smgpCodec.frame('login', sequence, body), {
    outsideWindow: true,
  });
  if (pdu.name !== 'loginResponse') throw new HubError('30', `SMGP answered the login with ${pdu.name}`);
  const { status, authenticator: proof } = pdu.body;
  if (status !== 0) throw statusError(status, 'login');
  // COMPAT(gateways of SMGP): as with CMPP, a wrong proof is no reason to refuse; some gateways send a fixed value.
  if (!authenticatorServer(status, authenticator, secret).equals(proof))
    log.warn({ account: clientId }, 'SMGP: the gateway did not prove that it knows the secret');
}

/** @throws HubError 12, 30 or 61 when the segment has no room or no name in this protocol */
export function submitOf(segment: Segment, settings: SmgpSettings): Submit {
  const { hasHeader, format, bytes: content } = writeContent(segment);
  const { concatenation } = segment;
  const { SMS_SOURCE: source } = settings;
  return {
    type: TO_A_PHONE,
    needsReport: 1,
    priority: NORMAL_PRIORITY,
    serviceId: settings.SMS_SERVICE_ID,
    feeType: settings.SMS_FEE_TYPE,
    feeCode: settings.SMS_FEE_CODE,
    fixedFee: settings.SMS_FIXED_FEE,
    format,
    validUntil: '',
    sendAt: '',
    sourceNumber: segment.service,
    chargeNumber: settings.SMS_FEE_NUMBER,
    destinations: [writtenNumber(segment.person, settings.SMS_NUMBER_FORM)],
    content,
    reserve: '',
    parameters: new Map([
      ...parameter(TAG.hasHeader, hasHeader === 0 ? undefined : Buffer.of(hasHeader)),
      ...parameter(TAG.total, concatenation && Buffer.of(concatenation.total)),
      ...parameter(TAG.number, concatenation && Buffer.of(concatenation.part)),
      ...parameter(TAG.source, source === undefined ? undefined : Buffer.from(source.padEnd(8, '\0'))),
    ]),
  };
}

function parameter(tag: number, value: Buffer | undefined): [number, Buffer][] {
  return value ? [[tag, value]] : [];
}

/** @throws HubError 30 when the content is no report, or not what its header says */
export function deliveryOf(deliver: Deliver, bytes: Buffer, reportId: ReportId): Delivery {
  const { content, destination, format, isReport, parameters, source } = deliver;
  if (isReport !== 0) return reportOf(deliver, reportId);
  const id = deliveryId(deliver);
  const hasHeader = parameters.get(TAG.hasHeader)?.at(0) ?? 0;
  const segment = {
    person: readNumber(source),
    service: destination.trim(),
    ...readContent({ hasHeader, format, bytes: content }),
    ...(id === undefined ? {} : { id }),
    native: bytes.toString('hex'),
  };
  return { kind: 'segment', segment };
}

/** The person is the sender of the report, as of a message. */
function reportOf({ content, source }: Deliver, reportId: ReportId): Delivery {
  const { messageId, stat, error } = readReport(content, reportId);
  const state = reportState(stat);
  if (!state) return { kind: 'intermediate' };
  const detail = `${stat.trim()} ${error.trim()}`.trim();
  return { kind: 'report', report: { messageId, person: readNumber(source), state, detail } };
}

/** @returns undefined for a gateway that numbers nothing */
export function deliveryId({ messageId }: Deliver): string | undefined {
  return messageId === NO_ID ? undefined : messageId;
}
