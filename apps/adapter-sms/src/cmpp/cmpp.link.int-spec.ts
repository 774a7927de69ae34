/** The link over TCP against a gateway whose bytes are written by hand from the document, in both versions. */
import { createHash } from 'node:crypto';
import { silentLog } from '#service';
import { until } from '../../../../test/support/until.js';
import type { Segment, SmsLink } from '../sms.link.js';
import { commandOf, hex, padded, RawGateway, rawFrame, RESPONSE, u32, u8 } from '../testing/raw-gateway.js';
import { RecordedEvents } from '../testing/recorded-events.js';
import { cmppSettings, openCmppLink, type CmppSettings } from './index.js';

const [CONNECT, TERMINATE, SUBMIT, DELIVER] = [1, 2, 4, 5] as const;
const ID = hex('bb14984027110007');

/** The widths in which the versions differ. */
const WIDTHS = {
  '2.0': { number: 21, type: 0, link: 8, status: (value: number) => u8(value), version: 0x20 },
  '3.0': { number: 32, type: 1, link: 20, status: (value: number) => u32(value), version: 0x30 },
} as const;

describe.each(['2.0', '3.0'] as const)('CMPP %s', (version) => {
  const width = WIDTHS[version];
  let gateway: RawGateway;
  let link: SmsLink;
  let events: RecordedEvents;

  beforeEach(async () => {
    gateway = await RawGateway.open((frame) => {
      const sequence = frame.subarray(8, 12);
      switch (commandOf(frame)) {
        case CONNECT:
          return rawFrame(
            CONNECT + RESPONSE,
            sequence,
            width.status(isProven(frame) ? 0 : 3),
            Buffer.alloc(16),
            u8(width.version),
          );
        case SUBMIT:
          return rawFrame(SUBMIT + RESPONSE, sequence, ID, width.status(0));
        case TERMINATE:
          return rawFrame(TERMINATE + RESPONSE, sequence);
        default:
          return undefined;
      }
    });
    const settings: CmppSettings = cmppSettings.parse({
      SMS_HOST: '127.0.0.1',
      SMS_PORT: gateway.port,
      SMS_ACCOUNT: '900001',
      SMS_SECRET: '888888',
      SMS_VERSION: version,
      SMS_SERVICE_ID: 'HELP',
    });
    events = new RecordedEvents();
    link = openCmppLink(settings, silentLog);
    link.start(events);
    await until('the login', () => link.connectivity.connected);
  });

  afterEach(async () => {
    await link.stop();
    await gateway.close();
  });

  /** Of the vector in cmpp.digests.spec.ts; here with the time that the frame says. */
  function isProven(frame: Buffer): boolean {
    const timestamp = String(frame.readUInt32BE(35)).padStart(10, '0');
    const digest = createHash('md5')
      .update(`900001${'\0'.repeat(9)}888888${timestamp}`)
      .digest();
    return frame.toString('latin1', 12, 18) === '900001' && frame.subarray(18, 34).equals(digest);
  }

  const segment = (more: Partial<Segment> = {}): Segment => ({
    person: '8613800000001',
    service: '1069000142',
    alphabet: 'ucs2',
    text: hex('4f60597d'),
    ...more,
  });

  const deliver = (isReport: number, content: Buffer, { udhi = 0, format = 8 } = {}) =>
    rawFrame(
      DELIVER,
      u32(99),
      hex('bb1498402711000a'),
      padded('1069000142', 21),
      padded('HELP', 10),
      u8(0, udhi, format),
      padded('13800000001', width.number),
      Buffer.alloc(width.type),
      u8(isReport, content.length),
      content,
      Buffer.alloc(width.link),
    );

  test('it logs in with its version', () => {
    expect(gateway.latest.all(CONNECT)[0]?.at(34)).toBe(width.version);
  });

  test('a part of a text goes out with its header, and its report comes back', async () => {
    const concatenation = { bits: 8, reference: 0xc7, total: 2, part: 1 } as const;
    expect(await link.submit(segment({ concatenation }))).toBe('bb14984027110007');
    const frame = await gateway.latest.frame(SUBMIT);
    expect(frame.toString('hex', 12, 24)).toBe('0000000000000000 02 01 01 00'.replaceAll(' ', ''));
    const message = frame.subarray(34 + 1 + width.number + width.type);
    expect(message.toString('hex', 0, 3)).toBe('000108');
    expect(message.toString('latin1', 3, 9)).toBe('900001');
    expect(frame.indexOf(padded('1069000142', 21))).toBeGreaterThan(0);
    const content = Buffer.concat([u8(10), hex('050003c70201'), hex('4f60597d'), Buffer.alloc(width.link)]);
    expect(frame.subarray(-content.length)).toEqual(content);
    expect(frame.subarray(-content.length - width.type - width.number - 1, -content.length)).toEqual(
      Buffer.concat([u8(1), padded('13800000001', width.number), Buffer.alloc(width.type)]),
    );

    const report = Buffer.concat([
      ID,
      padded('DELIVRD', 7),
      padded('2611301605', 10),
      padded('2611301606', 10),
      padded('13800000001', width.number),
      u32(5),
    ]);
    gateway.latest.send(deliver(1, report));
    const answer = await gateway.latest.frame(DELIVER + RESPONSE);
    expect(answer).toEqual(rawFrame(DELIVER + RESPONSE, u32(99), hex('bb1498402711000a'), width.status(0)));
    expect(events.reports).toEqual([
      { messageId: 'bb14984027110007', person: '8613800000001', state: 'delivered', detail: 'DELIVRD' },
    ]);
  });

  test('a part of a message comes in, its header read', async () => {
    gateway.latest.send(deliver(0, hex('06080412340201 4f60'), { udhi: 1 }));
    await gateway.latest.frame(DELIVER + RESPONSE);
    expect(events.segments).toMatchObject([
      {
        id: 'bb1498402711000a',
        person: '8613800000001',
        service: '1069000142',
        alphabet: 'ucs2',
        text: hex('4f60'),
        concatenation: { bits: 16, reference: 0x1234, total: 2, part: 1 },
      },
    ]);
  });

  test('an intermediate report is answered, and ends here', async () => {
    const report = Buffer.concat([ID, padded('ACCEPTD', 7), Buffer.alloc(20 + width.number + 4)]);
    gateway.latest.send(deliver(1, report));
    expect((await gateway.latest.frame(DELIVER + RESPONSE)).at(-1)).toBe(0);
    expect(events.reports).toEqual([]);
  });

  test.each([
    [
      'a report of the wrong length',
      deliver(1, Buffer.alloc(10)),
      'a report of 10 bytes instead of 60 or 71',
    ],
    ['a header that is longer than the message', deliver(0, hex('7f00'), { udhi: 1 }), '127 bytes'],
  ])('%s is kept as it came, and not asked for again', async (_, frame, why) => {
    gateway.latest.send(frame);
    expect((await gateway.latest.frame(DELIVER + RESPONSE)).at(-1)).toBe(0);
    expect(events.unreadable).toEqual([{ native: frame.toString('hex'), why: expect.stringContaining(why) }]);
  });

  test('a length that lies ends the connection; the link comes back', async () => {
    gateway.latest.send(u32(0x7fff_ffff));
    await until('the second connection', () => gateway.connections.length === 2);
    await until('the second login', () => link.connectivity.connected);
    expect(gateway.connections[0]?.closed).toBe(true);
  });

  test('at the stop it says goodbye', async () => {
    await link.stop();
    expect(gateway.latest.all(TERMINATE)).toHaveLength(1);
    expect(link.connectivity.connected).toBe(false);
  });
});
