/** CMPP for the shared session: login, keep-alive, and what a text and its report look like on this link. */
import type { SessionConnection, SessionProtocol } from '#adapter-session';
import { HubError } from '#protocol';
import type { Log } from '#service';
import { monthToSecond } from '../beijing-time.js';
import type { Delivery } from '../deliveries.js';
import { readContent, writeContent } from '../message-format.js';
import { readNumber, writtenNumber } from '../person-number.js';
import { pduProtocol } from '../pdu.js';
import type { IncomingSegment, Segment } from '../sms.link.js';
import type { CmppSettings } from './cmpp.config.js';
import { authenticatorSource, authenticatorsOfGateway } from './cmpp.digests.js';
import { loginError, reportState } from './cmpp.errors.js';
import {
  NO_ID,
  readReport,
  type CmppCodec,
  type CmppFrame,
  type CmppVersion,
  type ConnectResponse,
  type Deliver,
  type Report,
  type Submit,
} from './cmpp.pdu.js';

const VERSION_BYTE: Record<CmppVersion, number> = { '2.0': 0x20, '3.0': 0x30 };

export function cmppProtocol(codec: CmppCodec): SessionProtocol<CmppFrame> {
  return pduProtocol('CMPP', codec, ({ name, sequence }) =>
    name === 'activeTest' ? codec.frame('activeTestResponse', sequence, { reserved: 0 }) : undefined,
  );
}

/** @throws HubError 31 when the gateway does not know the account or its secret, and others that it may refuse with */
export async function cmppLogIn(
  connection: SessionConnection<CmppFrame>,
  codec: CmppCodec,
  { SMS_ACCOUNT: account, SMS_SECRET: secret, SMS_VERSION: version }: CmppSettings,
  log: Log,
): Promise<void> {
  const timestamp = monthToSecond(new Date());
  const authenticator = authenticatorSource(account, secret, timestamp);
  const body = { sourceAddress: account, authenticator, version: VERSION_BYTE[version], timestamp };
  const { pdu } = await connection.request((sequence) => codec.frame('connect', sequence, body), {
    outsideWindow: true,
  });
  if (pdu.name !== 'connectResponse') throw new HubError('30', `CMPP answered the login with ${pdu.name}`);
  if (pdu.body.status !== 0) throw loginError(pdu.body.status);
  if (!isProven(pdu.body, authenticator, secret))
    log.warn({ account }, 'CMPP: the gateway did not prove that it knows the secret');
}

/**
 * COMPAT(gateways of CMPP, all versions): a wrong proof is no reason to refuse. Their makers hash different widths of the
 * status, and some send a fixed value.
 */
function isProven(response: ConnectResponse, source: Buffer, secret: string): boolean {
  const proofs = authenticatorsOfGateway(response.status, source, secret);
  return proofs.some((proof) => proof.equals(response.authenticator));
}

/** @throws HubError 12, 30 or 61 when the segment has no room or no name in this protocol */
export function submitOf(segment: Segment, settings: CmppSettings): Submit {
  const { hasHeader, format, bytes: content } = writeContent(segment);
  const { concatenation } = segment;
  return {
    messageId: NO_ID,
    total: concatenation?.total ?? 1,
    number: concatenation?.part ?? 1,
    registeredDelivery: 1,
    level: 0,
    serviceId: settings.SMS_SERVICE_ID,
    feeUserType: settings.SMS_FEE_USER_TYPE,
    feeNumber: settings.SMS_FEE_NUMBER,
    feeNumberType: 0,
    protocolId: 0,
    hasHeader,
    format,
    source: settings.SMS_SOURCE ?? settings.SMS_ACCOUNT,
    feeType: settings.SMS_FEE_TYPE,
    feeCode: settings.SMS_FEE_CODE,
    validUntil: '',
    sendAt: '',
    sourceNumber: segment.service,
    destinations: [writtenNumber(segment.person, settings.SMS_NUMBER_FORM)],
    destinationType: 0,
    content,
    linkId: '',
  };
}

/** @throws HubError 30 when the content is no report, or not what its header says */
export function deliveryOf(deliver: Deliver, bytes: Buffer): Delivery {
  return deliver.isReport === 0
    ? { kind: 'segment', segment: segmentOf(deliver, bytes) }
    : reportOf(readReport(deliver.content));
}

function segmentOf(deliver: Deliver, bytes: Buffer): IncomingSegment {
  const id = deliveryId(deliver);
  return {
    person: readNumber(deliver.source),
    service: deliver.destination.trim(),
    ...readContent({ hasHeader: deliver.hasHeader, format: deliver.format, bytes: deliver.content }),
    ...(id === undefined ? {} : { id }),
    native: bytes.toString('hex'),
  };
}

function reportOf({ messageId, stat, destination }: Report): Delivery {
  const state = reportState(stat);
  if (!state) return { kind: 'intermediate' };
  return { kind: 'report', report: { messageId, person: readNumber(destination), state, detail: stat } };
}

/** @returns undefined for a gateway that numbers nothing */
export function deliveryId({ messageId }: Deliver): string | undefined {
  return messageId === NO_ID ? undefined : messageId;
}
