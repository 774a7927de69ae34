/** The link to a gateway of China Mobile. */
import type { PeerRequest } from '#adapter-session';
import type { Log } from '#service';
import type { Deliveries } from '../deliveries.js';
import { DuplexLink, type Dialect, type SessionSeams } from '../duplex-link.js';
import { whyNot } from '../pdu.js';
import type { SmsLink } from '../sms.link.js';
import type { CmppSettings } from './cmpp.config.js';
import { ANSWER, submitError } from './cmpp.errors.js';
import { cmppCodec, NO_ID, type CmppCodec, type CmppFrame } from './cmpp.pdu.js';
import { cmppLogIn, cmppProtocol, deliveryId, deliveryOf, submitOf } from './cmpp.protocol.js';

const DELIVER = 5;

/** @param seams for tests: another clock, another way to dial */
export function openCmppLink(settings: CmppSettings, log: Log, seams: SessionSeams<CmppFrame> = {}): SmsLink {
  return new DuplexLink(cmppDialect(settings, log), settings, log, seams);
}

function cmppDialect(settings: CmppSettings, log: Log): Dialect<CmppFrame> {
  const codec = cmppCodec(settings.SMS_VERSION);
  return {
    protocol: cmppProtocol(codec),
    logIn: (connection) => cmppLogIn(connection, codec, settings, log),
    activeTest: (sequence) => codec.frame('activeTest', sequence, {}),
    goodbye: (sequence) => codec.frame('terminate', sequence, {}),
    submit(segment) {
      const body = submitOf(segment, settings);
      return (sequence) => codec.frame('submit', sequence, body);
    },
    async submitted({ pdu, bytes }, deliveries) {
      if (pdu.name !== 'submitResponse') return deliveries.unreadableAnswer(bytes, whyNot(pdu));
      if (pdu.body.result !== 0) throw submitError(pdu.body.result);
      return pdu.body.messageId;
    },
    take: (request, deliveries) => take(codec, request, deliveries),
  };
}

async function take(
  codec: CmppCodec,
  { frame: { pdu, bytes }, answer }: PeerRequest<CmppFrame>,
  deliveries: Deliveries,
): Promise<boolean> {
  const answered = (messageId: string, result: number) =>
    answer(codec.frame('deliverResponse', pdu.sequence, { messageId, result }));
  switch (pdu.name) {
    case 'deliver': {
      const content = bytes.subarray(codec.headerBytes);
      const read = () => deliveryOf(pdu.body, bytes);
      const verdict = await deliveries.take({ id: deliveryId(pdu.body), bytes, content, read });
      answered(pdu.body.messageId, ANSWER[verdict]);
      return false;
    }
    case 'terminate':
      answer(codec.frame('terminateResponse', pdu.sequence, {}));
      return true;
    default: {
      const verdict = await deliveries.takeUnreadable(bytes, whyNot(pdu));
      if (pdu.name === 'unreadable' && pdu.body.command === DELIVER)
        answered(NO_ID, verdict === 'busy' ? ANSWER.busy : ANSWER.malformed);
      return false;
    }
  }
}
