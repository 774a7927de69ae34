/** Frames of SMGP, byte by byte from the document, and back. */
import fc from 'fast-check';
import { bytes, hexDigits, octets, text, uint32, uint8 } from '../testing/field-arbitraries.js';
import { hex, padded, rawFrame, u32, u8 } from '../testing/raw-gateway.js';
import { readReport, smgpCodec, type SmgpBodies, type Submit } from './smgp.pdu.js';

/** Of the document: gateway 010061, 16 January 17:00, number 12345. */
const ID = '01006101161700012345';

test('a login', () => {
  const authenticator = hex('95898c46dedbcf393dcd4c2a861481e9');
  const body = { clientId: '12345678', authenticator, mode: 2, timestamp: 301000000, version: 0x30 };
  const packet = rawFrame(
    1,
    u32(1),
    Buffer.from('12345678'),
    authenticator,
    u8(2),
    hex('11f0e540'),
    u8(0x30),
  );
  expect(packet).toHaveLength(42);
  expect(smgpCodec.frame('login', 1, body).bytes).toEqual(packet);
  expect(smgpCodec.readPdu(packet)).toEqual({ name: 'login', sequence: 1, body });
});

const submit: Submit = {
  type: 6,
  needsReport: 1,
  priority: 1,
  serviceId: 'HELP',
  feeType: '00',
  feeCode: '0',
  fixedFee: '0',
  format: 8,
  validUntil: '',
  sendAt: '',
  sourceNumber: '11810690001',
  chargeNumber: '',
  destinations: ['13300000001'],
  content: hex('4f60597d'),
  reserve: '',
  parameters: new Map(),
};
const packetOf = (...parameters: Buffer[]) =>
  rawFrame(
    2,
    u32(5),
    u8(6, 1, 1),
    padded('HELP', 10),
    padded('00', 2),
    padded('0', 6),
    padded('0', 6),
    u8(8),
    Buffer.alloc(34),
    padded('11810690001', 21),
    Buffer.alloc(21),
    u8(1),
    padded('13300000001', 21),
    u8(4),
    hex('4f60597d'),
    Buffer.alloc(8),
    ...parameters,
  );

test('a submit', () => {
  const packet = packetOf();
  expect(packet).toHaveLength(12 + 105 + 21 + 1 + 4 + 8);
  expect(smgpCodec.frame('submit', 5, submit).bytes).toEqual(packet);
});

test('a submit with optional parameters', () => {
  const packet = packetOf(hex('0002 0001 01'), hex('0009 0001 03'), hex('000a 0001 02'));
  const parameters = new Map([
    [2, u8(1)],
    [9, u8(3)],
    [10, u8(2)],
  ]);
  expect(smgpCodec.frame('submit', 5, { ...submit, parameters }).bytes).toEqual(packet);
  expect(smgpCodec.readPdu(packet)).toEqual({ name: 'submit', sequence: 5, body: { ...submit, parameters } });
});

test('a response has an identifier of 20 digits', () => {
  expect(smgpCodec.readPdu(rawFrame(0x8000_0002, u32(5), hex(ID), u32(75)))).toEqual({
    name: 'submitResponse',
    sequence: 5,
    body: { messageId: ID, status: 75 },
  });
});

test('a deliver', () => {
  const packet = rawFrame(
    3,
    u32(5),
    hex(ID),
    u8(0, 15),
    Buffer.from('20261130160500'),
    padded('13300000001', 21),
    padded('11810690001', 21),
    u8(2),
    hex('c4e3'),
    Buffer.alloc(8),
  );
  expect(packet).toHaveLength(12 + 69 + 2 + 8);
  expect(smgpCodec.readPdu(packet)).toEqual({
    name: 'deliver',
    sequence: 5,
    body: {
      messageId: ID,
      isReport: 0,
      format: 15,
      receivedAt: '20261130160500',
      source: '13300000001',
      destination: '11810690001',
      content: hex('c4e3'),
      reserve: '',
      parameters: new Map(),
    },
  });
});

test.each([
  ['a parameter that ends before its length', hex('0002 0009 01'), 'submit: a field of 9 bytes, 1 are left'],
  ['half a tag', hex('00'), 'submit: a field of 2 bytes, 1 are left'],
])('%s is unreadable', (_, rest, why) => {
  expect(smgpCodec.readPdu(packetOf(rest))).toMatchObject({ name: 'unreadable', body: { why } });
});

describe('a report', () => {
  const id = hex(ID);
  const after = (labels: string[]) => {
    const [sub, dlvrd, submitted, done, stat, error, said] = labels;
    return Buffer.from(
      `${sub}001${dlvrd}001${submitted}2611301605${done}2611301606${stat}DELIVRD${error}000${said}005hello            `,
    );
  };
  const smpp = [' sub:', ' dlvrd:', ' submit date:', ' done date:', ' stat:', ' err:', ' text:'];
  const others = [' Sub:', ' Dlvrd:', ' Submit_Date:', ' Done_Date:', ' Stat:', ' Err:', ' Text:'];

  test.each([
    ['the labels of SMPP', smpp],
    ['other labels', others],
  ])('with %s', (_, labels) => {
    const content = Buffer.concat([Buffer.from('id:'), id, after(labels)]);
    expect(content).toHaveLength(122);
    expect(readReport(content, 'binary')).toEqual({ messageId: ID, stat: 'DELIVRD', error: '000' });
  });

  test('with the digits of the identifier', () => {
    const content = Buffer.concat([Buffer.from(`id:${ID}`), after(smpp)]);
    expect(readReport(content, 'digits')).toEqual({ messageId: ID, stat: 'DELIVRD', error: '000' });
    expect(() => readReport(content, 'binary')).not.toThrow();
    expect(readReport(content, 'binary').stat).not.toBe('DELIVRD');
  });

  test.each([
    ['of one byte', Buffer.from('i')],
    ['that ends before its state', Buffer.concat([Buffer.from('id:'), id, after(smpp)]).subarray(0, 80)],
    ['of zeros', Buffer.alloc(122, 1)],
  ])('%s is none', (_, content) => {
    expect(() => readReport(content, 'binary')).toThrow(expect.objectContaining({ code: '30' }));
  });
});

const number = text(21);
const none = fc.constant({});
const parameters = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), bytes({ maxLength: 30 })), { maxLength: 6 })
  .map((pairs) => new Map(pairs));
const response = fc.record({ messageId: hexDigits(10), status: uint32 });
const some: { [Name in keyof SmgpBodies]: fc.Arbitrary<SmgpBodies[Name]> } = {
  login: fc.record({
    clientId: text(8),
    authenticator: octets(16),
    mode: uint8,
    timestamp: uint32,
    version: uint8,
  }),
  loginResponse: fc.record({ status: uint32, authenticator: octets(16), version: uint8 }),
  submit: fc.record<Submit>({
    type: uint8,
    needsReport: uint8,
    priority: uint8,
    serviceId: text(10),
    feeType: text(2),
    feeCode: text(6),
    fixedFee: text(6),
    format: uint8,
    validUntil: text(17),
    sendAt: text(17),
    sourceNumber: number,
    chargeNumber: number,
    destinations: fc.array(number, { maxLength: 100 }),
    content: bytes({ maxLength: 255 }),
    reserve: text(8),
    parameters,
  }),
  submitResponse: response,
  deliver: fc.record({
    messageId: hexDigits(10),
    isReport: uint8,
    format: uint8,
    receivedAt: text(14),
    source: number,
    destination: number,
    content: bytes({ maxLength: 255 }),
    reserve: text(8),
    parameters,
  }),
  deliverResponse: response,
  activeTest: none,
  activeTestResponse: none,
  exit: none,
  exitResponse: none,
};

test.each(Object.keys(some) as (keyof SmgpBodies)[])('%s is read as it was written', (name) => {
  fc.assert(
    fc.property(uint32, some[name] as fc.Arbitrary<SmgpBodies[typeof name]>, (sequence, body) => {
      expect(smgpCodec.readPdu(smgpCodec.frame(name, sequence, body).bytes)).toEqual({
        name,
        sequence,
        body,
      });
    }),
  );
});
