/** Frames of SGIP, byte by byte from the document, and back. */
import fc from 'fast-check';
import { bytes, hexDigits, text, uint8 } from '../testing/field-arbitraries.js';
import { hex, padded, rawFrame, u32, u8 } from '../testing/raw-gateway.js';
import { sgipCodec, sgipSequence, type SgipBodies, type Submit } from './sgip.pdu.js';

const SEQUENCE = u32(3010012345, 1120203225, 7);
const sequence = SEQUENCE.toString('hex');

test('a sequence number is the node, the time and a count', () => {
  expect(sgipSequence(3010012345, 1120203225, 7)).toBe('b36924b942c4f1d900000007');
  expect(sequence).toBe('b36924b942c4f1d900000007');
});

test('a bind', () => {
  const body = { type: 1, name: 'hutong', password: 'secret', reserve: '' };
  const packet = rawFrame(1, SEQUENCE, u8(1), padded('hutong', 16), padded('secret', 16), Buffer.alloc(8));
  expect(packet).toHaveLength(61);
  expect(sgipCodec.frame('bind', sequence, body).bytes).toEqual(packet);
  expect(sgipCodec.readPdu(packet)).toEqual({ name: 'bind', sequence, body });
});

test.each([
  ['bindResponse', 0x8000_0001],
  ['submitResponse', 0x8000_0003],
  ['deliverResponse', 0x8000_0004],
  ['reportResponse', 0x8000_0005],
] as const)('a %s', (name, command) => {
  const packet = rawFrame(command, SEQUENCE, u8(11), Buffer.alloc(8));
  expect(packet).toHaveLength(29);
  expect(sgipCodec.frame(name, sequence, { result: 11, reserve: '' }).bytes).toEqual(packet);
});

const submit: Submit = {
  sourceNumber: '10690001',
  chargeNumber: '0'.repeat(21),
  destinations: ['8613000000001'],
  corporationId: '12345',
  serviceType: 'HELP',
  feeType: 1,
  feeValue: '0',
  givenValue: '0',
  agentFlag: 0,
  cause: 2,
  priority: 0,
  validUntil: '',
  sendAt: '',
  reportFlag: 1,
  protocolId: 0,
  hasHeader: 0,
  format: 8,
  type: 0,
  content: hex('4f60597d'),
  reserve: '',
};

test('a submit', () => {
  const packet = rawFrame(
    3,
    SEQUENCE,
    padded('10690001', 21),
    Buffer.from('0'.repeat(21)),
    u8(1),
    padded('8613000000001', 21),
    padded('12345', 5),
    padded('HELP', 10),
    u8(1),
    padded('0', 6),
    padded('0', 6),
    u8(0, 2, 0),
    Buffer.alloc(32),
    u8(1, 0, 0, 8, 0),
    u32(4),
    hex('4f60597d'),
    Buffer.alloc(8),
  );
  expect(packet).toHaveLength(20 + 115 + 21 + 4 + 8);
  expect(sgipCodec.frame('submit', sequence, submit).bytes).toEqual(packet);
});

test('a deliver', () => {
  const packet = rawFrame(
    4,
    SEQUENCE,
    padded('8613000000001', 21),
    padded('10690001', 21),
    u8(0, 0, 15),
    u32(2),
    hex('c4e3'),
    Buffer.alloc(8),
  );
  expect(packet).toHaveLength(20 + 49 + 2 + 8);
  expect(sgipCodec.readPdu(packet)).toEqual({
    name: 'deliver',
    sequence,
    body: {
      source: '8613000000001',
      destination: '10690001',
      protocolId: 0,
      hasHeader: 0,
      format: 15,
      content: hex('c4e3'),
      reserve: '',
    },
  });
});

test('a report', () => {
  const packet = rawFrame(
    5,
    u32(101101, 1120203226, 1),
    SEQUENCE,
    u8(0),
    padded('8613000000001', 21),
    u8(2, 27),
    Buffer.alloc(8),
  );
  expect(packet).toHaveLength(20 + 44);
  expect(sgipCodec.readPdu(packet)).toMatchObject({
    name: 'report',
    body: { submitted: sequence, type: 0, person: '8613000000001', state: 2, error: 27 },
  });
});

test('a content that is said to have four gigabytes is unreadable', () => {
  const packet = rawFrame(4, SEQUENCE, Buffer.alloc(45), u32(0xffff_ffff), Buffer.alloc(20));
  expect(sgipCodec.readPdu(packet)).toMatchObject({
    name: 'unreadable',
    sequence,
    body: { why: 'deliver: a field of 4294967295 bytes, 20 are left' },
  });
});

const number = text(21);
const reserve = text(8);
const none = fc.constant({});
const response = fc.record({ result: uint8, reserve });
const some: { [Name in keyof SgipBodies]: fc.Arbitrary<SgipBodies[Name]> } = {
  bind: fc.record({ type: uint8, name: text(16), password: text(16), reserve }),
  bindResponse: response,
  unbind: none,
  unbindResponse: none,
  submit: fc.record<Submit>({
    sourceNumber: number,
    chargeNumber: number,
    destinations: fc.array(number, { maxLength: 100 }),
    corporationId: text(5),
    serviceType: text(10),
    feeType: uint8,
    feeValue: text(6),
    givenValue: text(6),
    agentFlag: uint8,
    cause: uint8,
    priority: uint8,
    validUntil: text(16),
    sendAt: text(16),
    reportFlag: uint8,
    protocolId: uint8,
    hasHeader: uint8,
    format: uint8,
    type: uint8,
    content: bytes({ maxLength: 300 }),
    reserve,
  }),
  submitResponse: response,
  deliver: fc.record({
    source: number,
    destination: number,
    protocolId: uint8,
    hasHeader: uint8,
    format: uint8,
    content: bytes({ maxLength: 300 }),
    reserve,
  }),
  deliverResponse: response,
  report: fc.record({
    submitted: hexDigits(12),
    type: uint8,
    person: number,
    state: uint8,
    error: uint8,
    reserve,
  }),
  reportResponse: response,
};

test.each(Object.keys(some) as (keyof SgipBodies)[])('%s is read as it was written', (name) => {
  fc.assert(
    fc.property(hexDigits(12), some[name] as fc.Arbitrary<SgipBodies[typeof name]>, (id, body) => {
      expect(sgipCodec.readPdu(sgipCodec.frame(name, id, body).bytes)).toEqual({ name, sequence: id, body });
    }),
  );
});
