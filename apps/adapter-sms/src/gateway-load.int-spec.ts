/**
 * Many messages over a link whose gateway refuses two of a hundred because it is busy, and breaks the connection three times:
 * each message is taken once, unless the link said that nobody knows.
 */
import { setImmediate } from 'node:timers/promises';
import { HubError } from '#protocol';
import { silentLog } from '#service';
import { amount, seededRandom } from '../../../test/support/amounts.js';
import { until } from '../../../test/support/until.js';
import { cmppSettings, openCmppLink } from './cmpp/index.js';
import { openSgipLink, sgipSettings } from './sgip/index.js';
import { openSmgpLink, smgpSettings } from './smgp/index.js';
import type { SmsLink } from './sms.link.js';
import { commandOf, hex, RawGateway, rawFrame, RESPONSE, u32, u8 } from './testing/raw-gateway.js';
import { RecordedEvents } from './testing/recorded-events.js';

const MESSAGES = amount({ test: 3000, torture: 30_000 });
const AT_ONCE = 64;
const BREAKS = 3;

interface Subject {
  sequenceBytes: number;
  submit: number;
  busy: number;
  /** @param body of the response to a submit with this result; every other response has zeros */
  response: (result: number) => Buffer;
  open: (port: number) => SmsLink;
}

const common = (port: number) => ({
  SMS_HOST: '127.0.0.1',
  SMS_PORT: port,
  SMS_ACCOUNT: 'hutong',
  SMS_SECRET: 'x',
});
const subjects: [string, Subject][] = [
  [
    'CMPP 3.0',
    {
      sequenceBytes: 4,
      submit: 4,
      busy: 8,
      response: (result) => Buffer.concat([hex('bb14984027110007'), u32(result)]),
      open: (port) => openCmppLink(cmppSettings.parse({ ...common(port), SMS_VERSION: '3.0' }), silentLog),
    },
  ],
  [
    'SGIP',
    {
      sequenceBytes: 12,
      submit: 3,
      busy: 11,
      response: (result) => Buffer.concat([u8(result), Buffer.alloc(8)]),
      open(port) {
        const node = { SMS_NODE: '3010012345', SMS_CORPORATION_ID: '12345', SMS_LISTEN_PORT: '0' };
        return openSgipLink(sgipSettings.parse({ ...common(port), ...node }), silentLog);
      },
    },
  ],
  [
    'SMGP',
    {
      sequenceBytes: 4,
      submit: 2,
      busy: 1,
      response: (result) => Buffer.concat([hex('01006101161700012345'), u32(result)]),
      open: (port) => openSmgpLink(smgpSettings.parse(common(port)), silentLog),
    },
  ],
];
/** Of a login: 21 bytes in CMPP 3.0 and SMGP, 9 in SGIP. */
const LOGIN_BYTES: Record<number, number> = { 4: 21, 12: 9 };

describe.each(subjects)('%s', (_, { sequenceBytes, submit, busy, response, open }) => {
  test(`${MESSAGES} messages: none lost, and none taken twice`, async () => {
    const random = seededRandom();
    const taken: string[] = [];
    let breaks = 0;
    const gateway = await RawGateway.open((frame) => {
      const command = commandOf(frame);
      const head = frame.subarray(8, 8 + sequenceBytes);
      if (command === 1) return rawFrame(1 + RESPONSE, head, Buffer.alloc(LOGIN_BYTES[sequenceBytes] ?? 0));
      if (command !== submit) return rawFrame(command + RESPONSE, head);
      if (random() < 0.02) return rawFrame(command + RESPONSE, head, response(busy));
      taken.push(/m\d{6}m/.exec(frame.toString('latin1'))?.[0] ?? 'unreadable');
      if (breaks < BREAKS && taken.length > (MESSAGES / (BREAKS + 1)) * (breaks + 1)) {
        breaks++;
        gateway.latest.socket.destroy();
        return undefined;
      }
      return rawFrame(command + RESPONSE, head, response(0));
    });
    const link = open(gateway.port);
    link.start(new RecordedEvents());
    await until('the login', () => link.connectivity.connected);

    const messages = Array.from({ length: MESSAGES }, (_, nth) => `m${String(nth).padStart(6, '0')}m`);
    const unknown = new Set<string>();
    const waiting = messages.values();
    const sender = async () => {
      for (const text of waiting) if (!(await isSent(link, text))) unknown.add(text);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    await link.stop();
    await gateway.close();

    const counts = Map.groupBy(taken, (text) => text);
    const lost = messages.filter((text) => !counts.has(text) && !unknown.has(text));
    const twice = [...counts].filter(([, times]) => times.length > 1).map(([text]) => text);
    expect({ lost, twice, breaks }).toEqual({ lost: [], twice: [], breaks: BREAKS });
    // No more than what was under way at a break.
    expect(unknown.size).toBeLessThanOrEqual(BREAKS * 32);
  });
});

/** Tries again whatever was not sent. @returns false when nobody knows */
async function isSent(link: SmsLink, text: string): Promise<boolean> {
  for (;;) {
    try {
      await link.submit({
        person: '8613800000001',
        service: '10690001',
        alphabet: 'ascii',
        text: Buffer.from(text),
      });
      return true;
    } catch (thrown) {
      if (!(thrown instanceof HubError)) throw thrown;
      if (thrown.code === '103') return false;
      expect(['65', '91']).toContain(thrown.code);
      await link.connectivity.untilConnected();
      await setImmediate();
    }
  }
}
