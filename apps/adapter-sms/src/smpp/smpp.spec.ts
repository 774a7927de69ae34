/** SMPP 3.4 as bytes: vectors, what one side writes the other reads, and anything at all. */
import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../../test/support/amounts.js';
import type { ReportState, Segment } from '../sms.link.js';
import { readSegment, wishIn, writeContent, type ContentForm } from './content.js';
import { bodyOf, receiptBody } from './outgoing.js';
import { canonicalId, readReceipt } from './receipts.js';
import { newMessageId, shownId } from './message-ids.js';
import { ResentMessages } from './resent-messages.js';
import { smppSettings } from './smpp.config.js';
import { smppError } from './smpp.errors.js';
import {
  COMMAND,
  nack,
  readBind,
  readId,
  readMessage,
  requestPdu,
  responseTo,
  smppCodec,
  smppProtocol,
  STATUS,
  TAG,
  writeBind,
  writeId,
  type SmppMessage,
  type SmppPdu,
} from './smpp.pdu.js';

const settings = smppSettings.parse({ SMS_SYSTEM_ID: 'hutong' });
const GSM: ContentForm = { standard: 'gsm7', long: 'udh' };
/** Fields of a vector are apart. */
const joined = (hex: string) => hex.replaceAll(' ', '');
const hexOf = (pdu: SmppPdu) => smppCodec.encode(pdu).toString('hex');
const pduOf = (hex: string): SmppPdu => {
  const decoded = smppCodec.decode(Buffer.from(joined(hex), 'hex'));
  if (decoded.kind !== 'frame') throw new Error(`no frame: ${decoded.kind}`);
  return decoded.frame;
};

function aMessage(more: Partial<SmppMessage> = {}): SmppMessage {
  const kind = { ton: 1, npi: 1 };
  return {
    from: '8613800138000',
    fromKind: kind,
    to: '10690001',
    toKind: kind,
    esmClass: 0,
    registered: 0,
    coding: 0,
    text: new Uint8Array(),
    tags: new Map(),
    ...more,
  };
}

describe('PDUs', () => {
  test('bind_transceiver, byte for byte', () => {
    const body = writeBind({ systemId: 'hutong', password: 'secret', systemType: '' });
    expect(hexOf(requestPdu(COMMAND.bindTransceiver, body)(1))).toBe(
      joined('00000023 00000009 00000000 00000001 6875746f6e6700 73656372657400 00 34000000'),
    );
    expect(readBind(requestPdu(COMMAND.bindTransceiver, body)(1))).toEqual({
      systemId: 'hutong',
      password: 'secret',
      systemType: '',
    });
  });

  test('submit_sm of a text, byte for byte', () => {
    const segment: Segment = {
      person: '8613800138000',
      service: '1069000101',
      alphabet: 'ucs2',
      text: Buffer.from('4e2d', 'hex'),
    };
    const body = '00 00013130363930303031303100 01013836313338303031333830303000 00000000000100080002 4e2d';
    expect(bodyOf(segment, settings).toString('hex')).toBe(joined(body));
  });

  test('a header of two parts is read and written', () => {
    const segment: Segment = {
      person: '8613800138000',
      service: '10690001',
      alphabet: 'ucs2',
      text: Buffer.from('4e2d', 'hex'),
      concatenation: { bits: 8, reference: 0xab, total: 2, part: 1 },
    };
    expect(Buffer.from(writeContent(segment, GSM).text).toString('hex')).toBe(joined('050003ab0201 4e2d'));
  });

  test.each<[string, SmppPdu, string]>([
    [
      'enquire_link_resp',
      responseTo(requestPdu(COMMAND.enquireLink)(7)),
      '00000010 80000015 00000000 00000007',
    ],
    ['generic_nack', nack(requestPdu(0x99)(8), STATUS.unknownCommand), '00000010 80000000 00000003 00000008'],
    [
      'submit_sm_resp with an id',
      responseTo(requestPdu(COMMAND.submit)(9), STATUS.ok, writeId('a1')),
      '00000013 80000004 00000000 00000009 613100',
    ],
    [
      'an error has no body',
      responseTo(requestPdu(COMMAND.submit)(9), 0x58, writeId('a1')),
      '00000010 80000004 00000058 00000009',
    ],
  ])('%s, byte for byte', (_, pdu, hex) => {
    expect(hexOf(pdu)).toBe(joined(hex));
    expect(hexOf(pduOf(hex))).toBe(joined(hex));
  });

  test('an answer without the id that it should have has none', () => {
    expect(readId(pduOf('00000010800000040000000000000009'))).toBe('');
  });

  test('what needs no handler is answered at once, what needs no answer is passed over', () => {
    const protocol = smppProtocol('test');
    const answerTo = (command: number) => protocol.automaticAnswer?.(requestPdu(command)(1))?.command;
    expect(answerTo(COMMAND.enquireLink)).toBe(0x8000_0015);
    expect(answerTo(COMMAND.unbind)).toBe(0x8000_0006);
    expect(answerTo(0x21)).toBe(0x8000_0000);
    expect(answerTo(COMMAND.deliver)).toBeUndefined();
    expect(protocol.kindOf(requestPdu(COMMAND.alertNotification)(1))).toBe('provisional');
    expect(protocol.kindOf(nack(requestPdu(1)(1), 3))).toBe('response');
  });

  test.each([['0000000f'], ['7fffffff'], ['00020000']])('a length of %s ends the connection', (length) => {
    expect(() => smppCodec.decode(Buffer.from(`${length}${'00'.repeat(12)}`, 'hex'))).toThrow(
      expect.objectContaining({ code: '30' }),
    );
  });
});

describe('content', () => {
  const parts = fc.integer({ min: 1, max: 255 }).chain((total) =>
    fc.record({
      bits: fc.constantFrom(8 as const, 16 as const),
      reference: fc.integer({ min: 0, max: 255 }),
      total: fc.constant(total),
      part: fc.integer({ min: 1, max: total }),
    }),
  );

  test('what one side writes the other reads, in both ways of marking a long text', () => {
    const segment = fc.record({
      alphabet: fc.constantFrom('gsm7' as const, 'ucs2' as const, 'latin1' as const, 'ascii' as const),
      text: fc.uint8Array({ minLength: 1, maxLength: 130 }),
      concatenation: fc.option(parts, { nil: undefined }),
    });
    fc.assert(
      fc.property(segment, fc.constantFrom('udh' as const, 'sar' as const), (one, long) => {
        const sent: Segment = {
          person: '8613800138000',
          service: '10690001',
          alphabet: one.alphabet,
          text: Buffer.from(one.text),
          ...(one.concatenation ? { concatenation: one.concatenation } : {}),
        };
        const form = { ...GSM, long };
        const pdu = requestPdu(COMMAND.deliver, bodyOf(sent, { ...settings, SMS_LONG: long }))(1);
        const read = readSegment(readMessage(pdu), form);
        // The other way round: our number is the source of what we send.
        const { concatenation } = sent;
        expect(read).toEqual({
          ...sent,
          person: '10690001',
          service: '8613800138000',
          ...(concatenation && long === 'sar' ? { concatenation: { ...concatenation, bits: 16 } } : {}),
        });
      }),
    );
  });

  test.each<[number, string]>([
    [0, 'gsm7'],
    [1, 'ascii'],
    [3, 'latin1'],
    [4, 'binary'],
    [8, 'ucs2'],
    [15, 'gb18030'],
    [0xf0, 'gsm7'],
    [0xf5, 'binary'],
    [0x63, 'binary'],
  ])('data_coding %s is %s', (coding, alphabet) => {
    expect(readSegment(aMessage({ coding, text: Buffer.of(65) }), GSM).alphabet).toBe(alphabet);
  });

  test('a text in message_payload is the text', () => {
    const body = bodyOf({ person: '1', service: '2', alphabet: 'gsm7', text: new Uint8Array() }, settings);
    const payload = Buffer.from('0424000568656c6c6f', 'hex');
    const message = readMessage(requestPdu(COMMAND.deliver, Buffer.concat([body, payload]))(1));
    expect(Buffer.from(readSegment(message, GSM).text).toString()).toBe('hello');
  });

  test('a message for a program on the telephone is no text', () => {
    const text = Buffer.from('0605040b8423f0aabb', 'hex');
    expect(readSegment(aMessage({ esmClass: 0x40, text }), GSM)).toMatchObject({ alphabet: 'binary' });
  });

  test.each([
    ['13800138000', 0, '8613800138000'],
    ['+8613800138000', 1, '8613800138000'],
    ['12025550143', 1, '12025550143'],
    ['13105550143', 1, '13105550143'],
  ])('the number %s of type %s is %s', (from, ton, person) => {
    expect(readSegment(aMessage({ from, fromKind: { ton, npi: 1 } }), GSM).person).toBe(person);
  });

  test('an alphabet without a number is refused', () => {
    const segment: Segment = { person: '1', service: '2', alphabet: 'gsm7', text: Buffer.of(1) };
    expect(() => writeContent(segment, { standard: 'latin1', long: 'udh' })).toThrow(
      expect.objectContaining({ code: '12' }),
    );
  });
});

describe('receipts', () => {
  const receipt = (text: string, tags = new Map<number, Buffer>(), form = 'text' as const) =>
    readReceipt(aMessage({ esmClass: 4, text: Buffer.from(text), tags }), form);
  const USUAL =
    'id:0123 sub:001 dlvrd:001 submit date:2611221530 done date:2611221531 stat:DELIVRD err:000 text:hi';

  test('the usual text', () => {
    expect(receipt(USUAL)).toEqual({
      messageId: '0123',
      person: '8613800138000',
      state: 'delivered',
      detail: 'DELIVRD err:000',
    });
  });

  test.each<[string, string | undefined]>([
    ['id:1 stat:UNDELIV err:0b1', 'failed'],
    ['id:1 Stat:EXPIRED Err:000', 'expired'],
    ['ID: 1 STAT: REJECTD', 'rejected'],
    ['id:1 stat:UNKNOWN', 'unknown'],
    ['id:1 stat:DELETED', 'failed'],
  ])('%s is %s', (text, state) => {
    expect(receipt(text)).toMatchObject({ messageId: '1', state });
  });

  test('what is on its way is no report; what names nothing is none either', () => {
    expect(receipt('id:1 stat:ACCEPTD')).toBe('on its way');
    expect(receipt('id:1 stat:ENROUTE')).toBe('on its way');
    expect(receipt('hello')).toBeUndefined();
    expect(receipt('id:1 stat:SOMEHOW')).toBeUndefined();
  });

  test('parameters stand for what the text does not say', () => {
    const tags = new Map([
      [TAG.receiptedMessageId, Buffer.from('99\0')],
      [TAG.messageState, Buffer.of(5)],
    ]);
    expect(receipt('', tags)).toMatchObject({ messageId: '99', state: 'failed', detail: 'UNDELIV' });
  });

  test.each([
    ['1a', 'hex', '26'],
    ['26', 'decimal', '26'],
    ['0000026', 'decimal', '26'],
    ['0026', 'text', '0026'],
    ['not a number', 'hex', 'not a number'],
    ['ffffffffffffffffffff', 'hex', '1208925819614629174706175'],
  ] as const)('the id %s, written as %s, is %s', (written, form, id) => {
    expect(canonicalId(written, form)).toBe(id);
  });
});

describe('receipts of ours', () => {
  const written = (state: ReportState, error = '000') => {
    const [submittedAt, doneAt] = [new Date('2026-11-22T15:30:59Z'), new Date('2026-11-22T15:31:00Z')];
    const parties = { person: '8613800138000', service: '1069000107' };
    const receipt = { id: 'mo-179', ...parties, state, error, submittedAt, doneAt };
    return readMessage(requestPdu(COMMAND.deliver, receiptBody(receipt, settings))(1));
  };

  test('go from the number of the message to its sender, in the usual text and in parameters', () => {
    const { esmClass, from, to, coding, text, tags } = written('delivered');
    expect({ esmClass, from, to, coding }).toEqual({
      esmClass: 4,
      from: '1069000107',
      to: '8613800138000',
      coding: 0,
    });
    expect(Buffer.from(text).toString()).toBe(
      'id:179 sub:001 dlvrd:001 submit date:2611221530 done date:2611221531 stat:DELIVRD err:000 text:',
    );
    expect(tags.get(TAG.receiptedMessageId)?.toString()).toBe('179\0');
    expect(tags.get(TAG.messageState)).toEqual(Buffer.of(2));
  });

  test.each<[ReportState, string, number]>([
    ['failed', 'dlvrd:000 .* stat:UNDELIV err:001', 5],
    ['expired', 'dlvrd:000 .* stat:EXPIRED err:001', 3],
    ['unknown', 'dlvrd:000 .* stat:UNKNOWN err:001', 7],
    ['rejected', 'dlvrd:000 .* stat:REJECTD err:001', 8],
  ])('%s is read as it was written', (state, words, number) => {
    const message = written(state, '001');
    expect(Buffer.from(message.text).toString()).toMatch(new RegExp(words));
    expect(message.tags.get(TAG.messageState)).toEqual(Buffer.of(number));
    expect(readReceipt(message, 'decimal')).toMatchObject({ messageId: '179', state });
  });

  test.each([
    [0x00, undefined],
    [0x01, 'always'],
    [0x02, 'failures'],
    // Intermediate notifications, and acknowledgements of the recipient's own program.
    [0x1c, undefined],
    [0x11, 'always'],
  ])('registered_delivery %i asks for: %s', (registered, wish) => {
    expect(wishIn(aMessage({ registered }))).toBe(wish);
  });

  test('ids are numbers of at most 64 bits, and none comes twice', () => {
    const ids = Array.from({ length: 1000 }, () => shownId(newMessageId()));
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(BigInt.asIntN(64, BigInt(id)).toString()).toBe(id);
  });
});

test.each([
  [0x14, '65'],
  [0x58, '65'],
  [0x08, '91'],
  [0x64, '91'],
  [0x0a, '36'],
  [0x0b, '14'],
  [0x01, '61'],
  [0x45, '100'],
  [0xff, '100'],
])('status %i is %s', (status, code) => {
  expect(smppError('submit_sm', status)).toMatchObject({ code });
});

describe('messages that come again', () => {
  const frame = (connection: number, sequence: number) => ({ body: Buffer.from('ok'), connection, sequence });

  test('what was not answered when its connection ended keeps its id, in its order', () => {
    const resent = new ResentMessages();
    const ids = [resent.begin(frame(1, 1)), resent.begin(frame(1, 2))];
    resent.broken(1);
    expect(ids.map((id) => resent.isExpected(id))).toEqual([true, true]);
    expect([resent.begin(frame(2, 1)), resent.begin(frame(2, 2))]).toEqual(ids);
    expect(ids.map((id) => resent.isExpected(id))).toEqual([false, false]);
    expect(ids).not.toContain(resent.begin(frame(2, 3)));
  });

  test('so do two with one sequence number', () => {
    const resent = new ResentMessages();
    const other = { ...frame(1, 1), body: Buffer.from('other') };
    const ids = [resent.begin(frame(1, 1)), resent.begin(other)];
    resent.broken(1);
    expect([resent.begin(frame(2, 1)), resent.begin({ ...other, connection: 2 })]).toEqual(ids);
  });

  test('what was answered "busy" keeps its id; what was answered is a new message when it comes again', () => {
    const resent = new ResentMessages();
    const id = resent.begin(frame(1, 1));
    resent.ended(frame(1, 1), false);
    expect(resent.begin(frame(1, 2))).toBe(id);
    resent.ended(frame(1, 2), true);
    resent.broken(1);
    expect(resent.begin(frame(2, 1))).not.toBe(id);
  });
});

test('any PDU is read or refused with 30', () => {
  const pdus = fc.record({
    command: fc.constantFrom(...Object.values(COMMAND), 0x21, 0x8000_0005),
    body: fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.tuple(fc.nat(60), fc.nat(255), fc.boolean()).map(([at, value, cut]) => {
        const tags = new Map([[TAG.reference, Buffer.of(0, 1)]]);
        const whole = bodyOf(
          { person: '86138', service: '1069', alphabet: 'ucs2', text: Buffer.from('050003010201', 'hex') },
          settings,
          'id',
        );
        whole[at % whole.length] = value;
        return cut ? whole.subarray(0, at + tags.size) : whole;
      }),
    ),
  });
  fc.assert(
    fc.property(pdus, ({ command, body }) => {
      const pdu: SmppPdu = { command, status: 0, sequence: 1, body: Buffer.from(body) };
      for (const read of [readMessage, readBind, readId])
        try {
          const what = read(pdu);
          if (typeof what === 'object' && 'esmClass' in what) {
            readReceipt(what, 'hex');
            readSegment(what, GSM);
          }
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: '30' });
        }
    }),
    { numRuns: FUZZ_RUNS },
  );
});
