/** The link to a gateway of China Telecom. */
import type { PeerRequest } from '#adapter-session';
import type { Log } from '#service';
import type { Deliveries } from '../deliveries.js';
import { DuplexLink, type Dialect, type SessionSeams } from '../duplex-link.js';
import { whyNot } from '../pdu.js';
import type { SmsLink } from '../sms.link.js';
import type { SmgpSettings } from './smgp.config.js';
import { ANSWER, statusError } from './smgp.errors.js';
import { smgpCodec, type SmgpFrame } from './smgp.pdu.js';
import { deliveryId, deliveryOf, NO_ID, SMGP_PROTOCOL, smgpLogIn, submitOf } from './smgp.protocol.js';

const DELIVER = 3;

/** @param seams for tests: another clock, another way to dial */
export function openSmgpLink(settings: SmgpSettings, log: Log, seams: SessionSeams<SmgpFrame> = {}): SmsLink {
  return new DuplexLink(smgpDialect(settings, log), settings, log, seams);
}

function smgpDialect(settings: SmgpSettings, log: Log): Dialect<SmgpFrame> {
  return {
    protocol: SMGP_PROTOCOL,
    logIn: (connection) => smgpLogIn(connection, settings, log),
    activeTest: (sequence) => smgpCodec.frame('activeTest', sequence, {}),
    goodbye: (sequence) => smgpCodec.frame('exit', sequence, {}),
    submit(segment) {
      const body = submitOf(segment, settings);
      return (sequence) => smgpCodec.frame('submit', sequence, body);
    },
    async submitted({ pdu, bytes }, deliveries) {
      if (pdu.name !== 'submitResponse') return deliveries.unreadableAnswer(bytes, whyNot(pdu));
      if (pdu.body.status !== 0) throw statusError(pdu.body.status, 'message');
      return pdu.body.messageId;
    },
    take: (request, deliveries) => take(settings, request, deliveries),
  };
}

async function take(
  { SMS_REPORT_ID: reportId }: SmgpSettings,
  { frame: { pdu, bytes }, answer }: PeerRequest<SmgpFrame>,
  deliveries: Deliveries,
): Promise<boolean> {
  const answered = (messageId: string, status: number) =>
    answer(smgpCodec.frame('deliverResponse', pdu.sequence, { messageId, status }));
  switch (pdu.name) {
    case 'deliver': {
      const content = bytes.subarray(smgpCodec.headerBytes);
      const read = () => deliveryOf(pdu.body, bytes, reportId);
      const verdict = await deliveries.take({ id: deliveryId(pdu.body), bytes, content, read });
      answered(pdu.body.messageId, ANSWER[verdict]);
      return false;
    }
    case 'exit':
      answer(smgpCodec.frame('exitResponse', pdu.sequence, {}));
      return true;
    default: {
      const verdict = await deliveries.takeUnreadable(bytes, whyNot(pdu));
      if (pdu.name === 'unreadable' && pdu.body.command === DELIVER)
        answered(NO_ID, verdict === 'busy' ? ANSWER.busy : ANSWER.malformed);
      return false;
    }
  }
}
