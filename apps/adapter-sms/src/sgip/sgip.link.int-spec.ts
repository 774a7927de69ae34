/** The link over TCP against a gateway whose bytes are written by hand from the document: each side dials the other. */
import { createServer, type AddressInfo } from 'node:net';
import { silentLog } from '#service';
import { until } from '../../../../test/support/until.js';
import type { Segment, SmsLink } from '../sms.link.js';
import {
  commandOf,
  dialAsGateway,
  hex,
  padded,
  RawGateway,
  rawFrame,
  RESPONSE,
  u32,
  u8,
  type RawConnection,
} from '../testing/raw-gateway.js';
import { RecordedEvents } from '../testing/recorded-events.js';
import { openSgipLink, sgipSettings } from './index.js';

const [BIND, UNBIND, SUBMIT, DELIVER, REPORT] = [1, 2, 3, 4, 5] as const;
const NONE = Buffer.alloc(8);

let gateway: RawGateway;
let link: SmsLink;
let events: RecordedEvents;
let listenPort: number;
/** What the gateway answers to the next messages. */
let result: number;

beforeEach(async () => {
  result = 0;
  gateway = await RawGateway.open((frame) => {
    const sequence = frame.subarray(8, 20);
    switch (commandOf(frame)) {
      case BIND:
        return rawFrame(BIND + RESPONSE, sequence, u8(0), NONE);
      case SUBMIT:
        return rawFrame(SUBMIT + RESPONSE, sequence, u8(result), NONE);
      case UNBIND:
        return rawFrame(UNBIND + RESPONSE, sequence);
      default:
        return undefined;
    }
  });
  listenPort = await aFreePort();
  link = openSgipLink(
    sgipSettings.parse({
      SMS_HOST: '127.0.0.1',
      SMS_PORT: gateway.port,
      SMS_LISTEN_HOST: '127.0.0.1',
      SMS_LISTEN_PORT: listenPort,
      SMS_ACCOUNT: 'hutong',
      SMS_SECRET: 'secret',
      SMS_GATEWAY_ACCOUNT: 'smg',
      SMS_GATEWAY_SECRET: 'theirs',
      SMS_NODE: '3010012345',
      SMS_CORPORATION_ID: '12345',
    }),
    silentLog,
  );
  events = new RecordedEvents();
  link.start(events);
  await until('the login', () => link.connectivity.connected);
});

afterEach(async () => {
  await link.stop();
  await gateway.close();
});

async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const bind = (type: number, name: string, password: string) =>
  rawFrame(BIND, u32(101101, 1130160500, 1), u8(type), padded(name, 16), padded(password, 16), NONE);

async function boundGateway(): Promise<RawConnection> {
  const dialled = await dialAsGateway(listenPort);
  dialled.send(bind(2, 'smg', 'theirs'));
  expect((await dialled.frame(BIND + RESPONSE)).at(20)).toBe(0);
  return dialled;
}

const deliver = (content: Buffer, { udhi = 0, format = 8, sequence = 2 } = {}) =>
  rawFrame(
    DELIVER,
    u32(101101, 1130160500, sequence),
    padded('8613000000001', 21),
    padded('1069000142', 21),
    u8(0, udhi, format),
    u32(content.length),
    content,
    NONE,
  );

const report = (submitted: Buffer, state: number, error: number, type = 0) =>
  rawFrame(
    REPORT,
    u32(101101, 1130160500, 3),
    submitted,
    u8(type),
    padded('8613000000001', 21),
    u8(state, error),
    NONE,
  );

const segment: Segment = {
  person: '8613000000001',
  service: '1069000142',
  alphabet: 'ucs2',
  text: hex('4f60597d'),
};

test('we log in as who submits, in clear', () => {
  const [frame] = gateway.latest.all(BIND);
  expect(frame?.subarray(20)).toEqual(
    Buffer.concat([u8(1), padded('hutong', 16), padded('secret', 16), NONE]),
  );
});

test('a part of a text goes out; the gateway dials us and reports by its number', async () => {
  const concatenation = { bits: 16, reference: 0x1234, total: 2, part: 2 } as const;
  const id = await link.submit({ ...segment, concatenation });
  const frame = await gateway.latest.frame(SUBMIT);
  expect(frame.toString('hex', 8, 20)).toBe(id);
  expect(frame.readUInt32BE(8)).toBe(3_010_012_345);
  expect(frame.subarray(20, 84)).toEqual(
    Buffer.concat([
      padded('1069000142', 21),
      Buffer.from('0'.repeat(21)),
      u8(1),
      padded('8613000000001', 21),
    ]),
  );
  const end = Buffer.concat([u8(1, 0, 1, 8, 0), u32(11), hex('06080412340202 4f60597d'), NONE]);
  expect(frame.subarray(-end.length)).toEqual(end);

  const dialled = await boundGateway();
  dialled.send(report(hex(id), 1, 0), report(hex(id), 2, 27));
  await dialled.frame(REPORT + RESPONSE, 1);
  expect(events.reports).toEqual([{ messageId: id, person: '8613000000001', state: 'failed', detail: '27' }]);
});

test.each([
  [11, '65'],
  [6, '14'],
])('the gateway answers %d: %s', async (given, code) => {
  result = given;
  await expect(link.submit(segment)).rejects.toMatchObject({ code });
});

test('a message comes in by the connection of the gateway, which leaves again', async () => {
  const dialled = await boundGateway();
  dialled.send(deliver(hex('050003c70201 4f60'), { udhi: 1 }));
  const sequence = u32(101101, 1130160500, 2);
  expect(await dialled.frame(DELIVER + RESPONSE)).toEqual(
    rawFrame(DELIVER + RESPONSE, sequence, u8(0), NONE),
  );
  expect(events.segments).toMatchObject([
    {
      id: sequence.toString('hex'),
      person: '8613000000001',
      service: '1069000142',
      alphabet: 'ucs2',
      text: hex('4f60'),
      concatenation: { bits: 8, reference: 0xc7, total: 2, part: 1 },
    },
  ]);
  dialled.send(rawFrame(UNBIND, u32(101101, 1130160501, 9)));
  await dialled.frame(UNBIND + RESPONSE);
  await until('the end of the connection', () => dialled.closed);
});

test('one that is repeated, on another connection too, is answered and not stored again', async () => {
  for (const dialled of [await boundGateway(), await boundGateway()]) {
    dialled.send(deliver(hex('4f60')), deliver(hex('4f60')));
    await dialled.frame(DELIVER + RESPONSE, 1);
  }
  expect(events.segments).toHaveLength(1);
});

test.each([
  ['another name', bind(2, 'nobody', 'theirs'), 1],
  ['another password', bind(2, 'smg', 'secret'), 1],
  ['the login of a service provider', bind(1, 'smg', 'theirs'), 4],
])('%s: refused, and the connection is closed', async (_, login, refusal) => {
  const stranger = await dialAsGateway(listenPort);
  stranger.send(login);
  expect((await stranger.frame(BIND + RESPONSE)).at(20)).toBe(refusal);
  await until('the end of the connection', () => stranger.closed);
});

test('whoever guesses is told that the node is busy, also with the right password', async () => {
  const answered = async (name: string, password: string) => {
    const dialled = await dialAsGateway(listenPort);
    dialled.send(bind(2, name, password));
    return (await dialled.frame(BIND + RESPONSE)).at(20);
  };
  for (let at = 0; at < 10; at++) expect(await answered('smg', `guess ${at}`)).toBe(1);
  expect(await answered('smg', 'theirs')).toBe(11);
});

test('a message before the login is not stored', async () => {
  const stranger = await dialAsGateway(listenPort);
  stranger.send(deliver(hex('4f60')));
  await until('the end of the connection', () => stranger.closed);
  expect([events.segments, events.unreadable]).toEqual([[], []]);
});

test('a second login on one connection is answered as such', async () => {
  const dialled = await boundGateway();
  dialled.send(bind(2, 'smg', 'theirs'));
  expect((await dialled.frame(BIND + RESPONSE, 1)).at(20)).toBe(2);
});

test('a body that lies is kept and refused; a command that is none ends the connection', async () => {
  const dialled = await boundGateway();
  const lie = rawFrame(DELIVER, u32(1, 2, 3), Buffer.alloc(45), u32(0xffff_ffff), Buffer.alloc(9));
  dialled.send(lie);
  expect((await dialled.frame(DELIVER + RESPONSE)).at(20)).toBe(5);
  dialled.send(report(Buffer.alloc(12), 0, 0, 1), rawFrame(0x77, u32(1, 2, 4)));
  await until('the end of the connection', () => dialled.closed);
  expect(events.unreadable.map(({ why }) => why)).toEqual([
    'deliver: a field of 4294967295 bytes, 9 are left',
    'a report of type 1 with the state 0',
    'unknown command 0x77',
  ]);
});
