/** The link over TCP against a gateway whose bytes are written by hand from the document. */
import { createHash } from 'node:crypto';
import { silentLog } from '#service';
import { until } from '../../../../test/support/until.js';
import type { Segment, SmsLink } from '../sms.link.js';
import { commandOf, hex, padded, RawGateway, rawFrame, RESPONSE, u32, u8 } from '../testing/raw-gateway.js';
import { RecordedEvents } from '../testing/recorded-events.js';
import { openSmgpLink, smgpSettings } from './index.js';

const [LOGIN, SUBMIT, DELIVER, EXIT] = [1, 2, 3, 6] as const;
const ID = '01006101161700012345';

let gateway: RawGateway;
let link: SmsLink;
let events: RecordedEvents;
/** What the gateway answers to the next messages. */
let status: number;

beforeEach(async () => {
  status = 0;
  gateway = await RawGateway.open((frame) => {
    const sequence = frame.subarray(8, 12);
    switch (commandOf(frame)) {
      case LOGIN:
        return rawFrame(
          LOGIN + RESPONSE,
          sequence,
          u32(isProven(frame) ? 0 : 21),
          Buffer.alloc(16),
          u8(0x30),
        );
      case SUBMIT:
        return rawFrame(SUBMIT + RESPONSE, sequence, hex(ID), u32(status));
      case EXIT:
        return rawFrame(EXIT + RESPONSE, sequence);
      default:
        return undefined;
    }
  });
  events = new RecordedEvents();
  link = await anOpenLink();
});

afterEach(async () => {
  await link.stop();
  await gateway.close();
});

async function anOpenLink(more: Record<string, string> = {}): Promise<SmsLink> {
  const settings = smgpSettings.parse({
    SMS_HOST: '127.0.0.1',
    SMS_PORT: gateway.port,
    SMS_ACCOUNT: '12345678',
    SMS_SECRET: 'secret',
    ...more,
  });
  const opened = openSmgpLink(settings, silentLog);
  opened.start(events);
  await until('the login', () => opened.connectivity.connected);
  return opened;
}

/** Of the vector in smgp.digests.spec.ts; here with the time that the frame says. */
function isProven(frame: Buffer): boolean {
  const timestamp = String(frame.readUInt32BE(37)).padStart(10, '0');
  const digest = createHash('md5')
    .update(`12345678${'\0'.repeat(7)}secret${timestamp}`)
    .digest();
  return frame.length === 42 && frame.subarray(20, 36).equals(digest);
}

const segment = (more: Partial<Segment> = {}): Segment => ({
  person: '8613300000001',
  service: '11810690001',
  alphabet: 'gb18030',
  text: hex('c4e3bac3'),
  ...more,
});

const deliver = (isReport: number, content: Buffer, ...parameters: Buffer[]) =>
  rawFrame(
    DELIVER,
    u32(99),
    hex('01006101161700099999'),
    u8(isReport, 15),
    Buffer.from('20261130160500'),
    padded('13300000001', 21),
    padded('11810690001', 21),
    u8(content.length),
    content,
    Buffer.alloc(8),
    ...parameters,
  );

const report = (id: Buffer, stat = 'DELIVRD') =>
  Buffer.concat([
    Buffer.from('Id:'),
    id,
    Buffer.from(
      ` Sub:001 Dlvrd:001 Submit_Date:2611301605 Done_Date:2611301606 Stat:${stat} Err:000 Text:005hello            `,
    ),
  ]);

test('it logs in to send and to receive', () => {
  const [login] = gateway.latest.all(LOGIN);
  expect([login?.at(36), login?.at(41)]).toEqual([2, 0x30]);
});

test('a part of a text goes out with its header and the parameters that say so', async () => {
  const concatenation = { bits: 8, reference: 0xc7, total: 3, part: 2 } as const;
  expect(await link.submit(segment({ concatenation }))).toBe(ID);
  const frame = await gateway.latest.frame(SUBMIT);
  const end = Buffer.concat([
    u8(1),
    padded('13300000001', 21),
    u8(10),
    hex('050003c70302 c4e3bac3'),
    Buffer.alloc(8),
    hex('0002000101 0009000103 000a000102'),
  ]);
  expect(frame.subarray(-end.length)).toEqual(end);
  expect(frame.toString('hex', 12, 15)).toBe('060101');
});

test.each([
  [1, '65'],
  [75, '65'],
  [47, '14'],
])('the gateway answers %d: %s', async (given, code) => {
  status = given;
  await expect(link.submit(segment())).rejects.toMatchObject({ code });
});

test('a report is read by its places, whatever its labels', async () => {
  gateway.latest.send(deliver(1, report(hex(ID))));
  expect(await gateway.latest.frame(DELIVER + RESPONSE)).toEqual(
    rawFrame(DELIVER + RESPONSE, u32(99), hex('01006101161700099999'), u32(0)),
  );
  expect(events.reports).toEqual([
    { messageId: ID, person: '8613300000001', state: 'delivered', detail: 'DELIVRD 000' },
  ]);
});

test('a gateway that writes the digits of the identifier', async () => {
  await link.stop();
  link = await anOpenLink({ SMS_REPORT_ID: 'digits' });
  gateway.latest.send(deliver(1, report(Buffer.from(ID), 'UNDELIV')));
  await gateway.latest.frame(DELIVER + RESPONSE);
  expect(events.reports).toEqual([
    { messageId: ID, person: '8613300000001', state: 'failed', detail: 'UNDELIV 000' },
  ]);
});

test('an intermediate report is answered, and ends here', async () => {
  gateway.latest.send(deliver(1, report(hex(ID), 'ACCEPTD')));
  expect((await gateway.latest.frame(DELIVER + RESPONSE)).at(-1)).toBe(0);
  expect(events.reports).toEqual([]);
});

test('a part of a message comes in, its header read', async () => {
  gateway.latest.send(deliver(0, hex('050003c70302 c4e3'), hex('0002000101')));
  await gateway.latest.frame(DELIVER + RESPONSE);
  expect(events.segments).toMatchObject([
    {
      id: '01006101161700099999',
      person: '8613300000001',
      service: '11810690001',
      alphabet: 'gb18030',
      text: hex('c4e3'),
      concatenation: { bits: 8, reference: 0xc7, total: 3, part: 2 },
    },
  ]);
});

test.each([
  ['a report that is too short', deliver(1, Buffer.from('id:')), 0, 'a field of 10 bytes, 0 are left'],
  ['a parameter that lies', deliver(0, hex('c4e3'), hex('0002 ffff 01')), 10, 'a field of 65535 bytes'],
])('%s is kept as it came', async (_, frame, result, why) => {
  gateway.latest.send(frame);
  expect((await gateway.latest.frame(DELIVER + RESPONSE)).at(-1)).toBe(result);
  expect(events.unreadable).toEqual([{ native: frame.toString('hex'), why: expect.stringContaining(why) }]);
});

test('a gateway that says goodbye is answered, and dialled again', async () => {
  gateway.latest.send(rawFrame(EXIT, u32(7)));
  expect(await gateway.connections[0]?.frame(EXIT + RESPONSE)).toEqual(rawFrame(EXIT + RESPONSE, u32(7)));
  await until('the second login', () => gateway.connections.length === 2 && link.connectivity.connected);
});
