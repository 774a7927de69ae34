/** One of our links with a gateway of the simulated carrier, and Ann with a telephone. */
import { pino } from 'pino';
import { freePort } from '#engines';
import {
  characterBytes,
  SmsSimulator,
  textOf,
  type SmsAlphabet,
  type SmsOptions,
} from '../simulator/index.js';
import { cmppSettings, openCmppLink } from '../src/cmpp/index.js';
import { openSgipLink, sgipSettings } from '../src/sgip/index.js';
import { openSmgpLink, smgpSettings } from '../src/smgp/index.js';
import { openSmppLink, smppSettings } from '../src/smpp/index.js';
import type { IncomingSegment, Segment, SmsLink } from '../src/sms.link.js';
import { RecordedEvents } from '../src/testing/recorded-events.js';

export const ANN = '8613800138000';
export const SERVICE = '10690001';
const log = pino({ level: 'silent' });

export type Protocol = 'cmpp 2.0' | 'cmpp 3.0' | 'sgip 1.2' | 'smgp 3.0' | 'smpp 3.4';

const ACCOUNTS = {
  cmpp: { account: '900001', secret: 'shared secret' },
  sgip: { account: 'hutong', secret: 'secret' },
  smgp: { account: '12345678', secret: 'shared secret' },
  smpp: { account: 'hutong', secret: 'secret' },
};

const closing: (() => Promise<unknown>)[] = [];

/** After each test. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close();
}

export interface Stage {
  carrier: SmsSimulator;
  link: SmsLink;
  heard: RecordedEvents;
}

export async function open(
  protocol: Protocol,
  more: Partial<SmsOptions> = {},
  settings: NodeJS.ProcessEnv = {},
): Promise<Stage> {
  const kind = protocol.slice(0, 4) as keyof typeof ACCOUNTS;
  const listenPort = await freePort();
  const carrier = await SmsSimulator.open({
    protocol: kind,
    ...ACCOUNTS[kind],
    service: SERVICE,
    retryMs: 20,
    ...(kind === 'sgip' ? { servicePort: listenPort } : {}),
    ...more,
  });
  closing.push(() => carrier.close());
  carrier.person(ANN);
  const link = linkTo(protocol, carrier, listenPort, settings);
  const heard = new RecordedEvents();
  link.start(heard);
  closing.push(() => link.stop());
  await link.connectivity.untilConnected();
  return { carrier, link, heard };
}

function linkTo(
  protocol: Protocol,
  { carrierPort }: SmsSimulator,
  listenPort: number,
  settings: NodeJS.ProcessEnv,
): SmsLink {
  const account = ACCOUNTS[protocol.slice(0, 4) as keyof typeof ACCOUNTS];
  const common = {
    SMS_HOST: '127.0.0.1',
    SMS_PORT: carrierPort,
    SMS_ACCOUNT: account.account,
    SMS_SECRET: account.secret,
    SMS_RESPONSE_MS: 500,
    ...settings,
  };
  switch (protocol) {
    case 'cmpp 2.0':
    case 'cmpp 3.0':
      return openCmppLink(cmppSettings.parse({ ...common, SMS_VERSION: protocol.slice(5) }), log);
    case 'sgip 1.2': {
      const node = { SMS_NODE: 3_010_012_345, SMS_CORPORATION_ID: '12345' };
      const listens = { SMS_LISTEN_HOST: '127.0.0.1', SMS_LISTEN_PORT: listenPort };
      return openSgipLink(sgipSettings.parse({ ...common, ...node, ...listens }), log);
    }
    case 'smgp 3.0':
      return openSmgpLink(smgpSettings.parse(common), log);
    case 'smpp 3.4': {
      const { account: SMS_SYSTEM_ID, secret: SMS_PASSWORD } = account;
      return openSmppLink(smppSettings.parse({ ...common, SMS_SYSTEM_ID, SMS_PASSWORD }), log);
    }
  }
}

export function aSegment(text: string, alphabet: SmsAlphabet, more: Partial<Segment> = {}): Segment {
  const bytes = Buffer.concat(characterBytes(text, alphabet) ?? []);
  return { person: ANN, service: SERVICE, alphabet, text: bytes, ...more };
}

export const shown = ({ carrier }: Stage) =>
  carrier.person(ANN).timeline.map(({ from, text }) => [from, text]);
export const textIn = ({ text, alphabet }: IncomingSegment) => textOf(Buffer.from(text), alphabet);
