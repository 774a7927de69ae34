import { isolatesConversations } from '#adapter-contract';
import { network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { Inbound } from '../src/inbound.js';
import { parseMessage } from '../src/stack/sip-parser.js';
import type { SipRequest } from '../src/stack/sip-message.js';
import { Uris } from '../src/uris.js';

const YOUXIN = network('youxin');
const DOMAIN = 'youxin.localhost';
/** The name of each friend is only a digest, so that somebody has to be looked up. */
const digest = (person: number) => `-x-${String(person).padStart(40, '0')}`;

let sent = 0;

function messageOf(person: number, text: string): SipRequest {
  const lines = [
    `MESSAGE sip:${digest(person)}@far.${DOMAIN} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${++sent}`,
    `From: <sip:p${person}@${DOMAIN}>;tag=1`,
    `To: <sip:${digest(person)}@far.${DOMAIN}>`,
    `Call-ID: ${sent}`,
    'CSeq: 1 MESSAGE',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  const parsed = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`));
  return parsed?.message as SipRequest;
}

isolatesConversations((slow) => {
  const ghosts = Object.fromEntries([0, 1, 2, 3].map((one) => [digest(one), `im:friend${one}@far` as never]));
  const { hub } = new HubDouble({ ghosts });
  const uris = new Uris(YOUXIN, DOMAIN, undefined);
  const inbound = new Inbound({ hub: slow(hub), uris, relay: () => Promise.resolve(404) });
  return {
    write: (person, text) =>
      inbound.message({ native: `p${person}`, displayName: undefined }, messageOf(person, text)),
  };
});
