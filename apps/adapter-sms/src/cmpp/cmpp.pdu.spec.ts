/** Frames of CMPP, byte by byte from the document, and back. */
import fc from 'fast-check';
import { hexDigits, octets, bytes, text, uint32, uint8 } from '../testing/field-arbitraries.js';
import { hex, padded, rawFrame, u32, u8 } from '../testing/raw-gateway.js';
import { cmppCodec, readReport, type CmppBodies, type CmppVersion, type Submit } from './cmpp.pdu.js';

const v2 = cmppCodec('2.0');
const v3 = cmppCodec('3.0');

test('the login of the published vector', () => {
  const authenticator = hex('90d00c1d517abd0b4f65f6bcf8535d16');
  const body = { sourceAddress: '900001', authenticator, version: 0x21, timestamp: 1021080510 };
  const packet = hex('00000027 00000001 00000017 393030303031 90d00c1d517abd0b4f65f6bcf8535d16 21 3cdc73be');
  expect(v2.frame('connect', 0x17, body).bytes).toEqual(packet);
  expect(v3.readPdu(packet)).toEqual({ name: 'connect', sequence: 0x17, body });
});

test.each([
  ['one byte', 30, u8(3)],
  ['four bytes', 33, u32(3)],
])('the answer to a login has a status of %s on a link of either version', (_, length, status) => {
  const packet = rawFrame(0x8000_0001, u32(1), status, Buffer.alloc(16, 7), u8(0x20));
  expect(packet).toHaveLength(length);
  for (const codec of [v2, v3])
    expect(codec.readPdu(packet)).toEqual({
      name: 'connectResponse',
      sequence: 1,
      body: { status: 3, authenticator: Buffer.alloc(16, 7), version: 0x20 },
    });
});

const submit: Submit = {
  messageId: '0000000000000000',
  total: 1,
  number: 1,
  registeredDelivery: 1,
  level: 0,
  serviceId: 'HELP',
  feeUserType: 2,
  feeNumber: '',
  feeNumberType: 0,
  protocolId: 0,
  hasHeader: 0,
  format: 8,
  source: '900001',
  feeType: '01',
  feeCode: '0',
  validUntil: '',
  sendAt: '',
  sourceNumber: '10690001',
  destinations: ['13800000001'],
  destinationType: 0,
  content: hex('4f60597d0048006500790021'),
  linkId: '',
};

const beforeFee = Buffer.concat([Buffer.alloc(8), u8(1, 1, 1, 0), padded('HELP', 10), u8(2)]);
const afterFee = Buffer.concat([
  u8(0, 0, 8),
  padded('900001', 6),
  padded('01', 2),
  padded('0', 6),
  Buffer.alloc(34),
  padded('10690001', 21),
  u8(1),
]);

test('a submit of 2.0', () => {
  const { bytes: packet } = v2.frame('submit', 5, submit);
  const expected = rawFrame(
    4,
    u32(5),
    beforeFee,
    Buffer.alloc(21),
    afterFee,
    padded('13800000001', 21),
    u8(12),
    submit.content,
    Buffer.alloc(8),
  );
  expect(packet).toEqual(expected);
  expect(packet).toHaveLength(12 + 117 + 21 + 1 + 12 + 8);
});

test('a submit of 3.0, with wider numbers and their types', () => {
  const { bytes: packet } = v3.frame('submit', 5, submit);
  const expected = rawFrame(
    4,
    u32(5),
    beforeFee,
    Buffer.alloc(32),
    u8(0),
    afterFee,
    padded('13800000001', 32),
    u8(0, 12),
    submit.content,
    Buffer.alloc(20),
  );
  expect(packet).toEqual(expected);
  // As another implementation of the document accepted it.
  expect(packet).toHaveLength(12 + 195);
});

test('an identifier of 64 bits keeps every digit', () => {
  const packet = rawFrame(0x8000_0004, u32(5), hex('bb14984027110007'), u8(0));
  expect(v2.readPdu(packet)).toEqual({
    name: 'submitResponse',
    sequence: 5,
    body: { messageId: 'bb14984027110007', result: 0 },
  });
});

test.each<[CmppVersion, number, Buffer]>([
  ['2.0', 65, Buffer.alloc(0)],
  ['3.0', 77, u8(0)],
])('a deliver of %s', (version, fixed, sourceType) => {
  const numberBytes = version === '2.0' ? 21 : 32;
  const packet = rawFrame(
    5,
    u32(0xffff_ffff),
    hex('bb14984027110007'),
    padded('10690001', 21),
    padded('HELP', 10),
    u8(0, 1, 8),
    padded('8613800000001', numberBytes),
    sourceType,
    u8(0, 2),
    hex('4f60'),
    Buffer.alloc(version === '2.0' ? 8 : 20),
  );
  expect(packet).toHaveLength(12 + fixed + 2 + (version === '2.0' ? 8 : 20));
  expect(cmppCodec(version).readPdu(packet)).toEqual({
    name: 'deliver',
    sequence: 0xffff_ffff,
    body: {
      messageId: 'bb14984027110007',
      destination: '10690001',
      serviceId: 'HELP',
      protocolId: 0,
      hasHeader: 1,
      format: 8,
      source: '8613800000001',
      sourceType: 0,
      isReport: 0,
      content: hex('4f60'),
      linkId: '',
    },
  });
});

test.each([
  ['2.0', 21, 60],
  ['3.0', 32, 71],
])('a report of %s', (_, numberBytes, length) => {
  const content = Buffer.concat([
    hex('bb14984027110007'),
    padded('DELIVRD', 7),
    padded('2611301605', 10),
    padded('2611301606', 10),
    padded('13800000001', numberBytes),
    u32(9),
  ]);
  expect(content).toHaveLength(length);
  expect(readReport(content)).toEqual({
    messageId: 'bb14984027110007',
    stat: 'DELIVRD',
    submittedAt: '2611301605',
    doneAt: '2611301606',
    destination: '13800000001',
    sequence: 9,
  });
});

test('a report of zeros is none', () => {
  expect(() => readReport(Buffer.alloc(60))).toThrow(expect.objectContaining({ code: '30' }));
});

test.each([0, 59, 61, 70, 72])('a report of %d bytes is none', (length) => {
  expect(() => readReport(Buffer.alloc(length))).toThrow(expect.objectContaining({ code: '30' }));
});

test.each([
  ['an unknown command', rawFrame(0x99, u32(1)), 'unknown command 0x99'],
  ['a body that is too short', rawFrame(5, u32(1), u8(1, 2)), 'deliver: a field of 8 bytes, 2 are left'],
  ['bytes behind the body', rawFrame(2, u32(1), u8(1)), 'terminate: 1 bytes behind the last field'],
  [
    'content that ends before its length',
    rawFrame(5, u32(1), Buffer.alloc(64), u8(200), Buffer.alloc(50)),
    'deliver: a field of 200 bytes, 50 are left',
  ],
])('%s is unreadable, and says why', (_, packet, why) => {
  expect(v2.readPdu(packet)).toMatchObject({ name: 'unreadable', sequence: 1, body: { why } });
});

const messageId = hexDigits(8);
const flag = uint8;
function bodies(version: CmppVersion): { [Name in keyof CmppBodies]: fc.Arbitrary<CmppBodies[Name]> } {
  const number = text(version === '2.0' ? 21 : 32);
  const type = version === '2.0' ? fc.constant(0) : uint8;
  const linkId = text(version === '2.0' ? 8 : 20);
  const status = version === '2.0' ? uint8 : uint32;
  const none = fc.constant({});
  const response = fc.record({ messageId, result: status });
  return {
    connect: fc.record({
      sourceAddress: text(6),
      authenticator: octets(16),
      version: uint8,
      timestamp: uint32,
    }),
    connectResponse: fc.record({ status, authenticator: octets(16), version: uint8 }),
    terminate: none,
    terminateResponse: none,
    submit: fc.record<Submit>({
      messageId,
      total: uint8,
      number: uint8,
      registeredDelivery: flag,
      level: uint8,
      serviceId: text(10),
      feeUserType: uint8,
      feeNumber: number,
      feeNumberType: type,
      protocolId: uint8,
      hasHeader: flag,
      format: uint8,
      source: text(6),
      feeType: text(2),
      feeCode: text(6),
      validUntil: text(17),
      sendAt: text(17),
      sourceNumber: text(21),
      destinations: fc.array(number, { maxLength: 99 }),
      destinationType: type,
      content: bytes({ maxLength: 255 }),
      linkId,
    }),
    submitResponse: response,
    deliver: fc.record({
      messageId,
      destination: text(21),
      serviceId: text(10),
      protocolId: uint8,
      hasHeader: flag,
      format: uint8,
      source: number,
      sourceType: type,
      isReport: flag,
      content: bytes({ maxLength: 255 }),
      linkId,
    }),
    deliverResponse: response,
    activeTest: none,
    activeTestResponse: fc.record({ reserved: uint8 }),
  };
}

describe.each<CmppVersion>(['2.0', '3.0'])('whatever %s can say', (version) => {
  const codec = cmppCodec(version);
  const some = bodies(version);
  test.each(Object.keys(some) as (keyof CmppBodies)[])('%s is read as it was written', (name) => {
    fc.assert(
      fc.property(uint32, some[name] as fc.Arbitrary<CmppBodies[typeof name]>, (sequence, body) => {
        expect(codec.readPdu(codec.frame(name, sequence, body).bytes)).toEqual({ name, sequence, body });
      }),
    );
  });
});

test.each<[string, Partial<Submit>]>([
  ['a number', { destinations: ['1'.repeat(22)] }],
  ['a content', { content: Buffer.alloc(256) }],
  ['a number of parts', { total: 256 }],
  ['an identifier', { messageId: 'bb' }],
])('%s that has no room is not written', (_, wrong) => {
  expect(() => v2.frame('submit', 1, { ...submit, ...wrong })).toThrow(
    expect.objectContaining({ code: '30' }),
  );
});
