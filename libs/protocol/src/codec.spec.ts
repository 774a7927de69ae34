import fc from 'fast-check';
import { decodeEvent, decodeOutcome, encodeEvent, MAX_EVENT_BYTES, readEvent } from './codec.js';
import { plainText } from './content.js';
import { aMessage } from '../test/a-message.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

describe('the codec', () => {
  test('any text crosses unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        const event = aMessage(text);
        expect(decodeEvent(encodeEvent(event))).toEqual(event);
        expect(readEvent(encodeEvent(event))).toEqual(event);
      }),
    );
  });

  test('half a character, which makes some servers fail, does not cross', () => {
    const halves = decodeEvent(encodeEvent(aMessage('\u{1F600} \uD83D and \uDE00, not \\ud83d')));
    expect(halves).toEqual(aMessage('\u{1F600} \uFFFD and \uFFFD, not \\ud83d'));
  });

  test('a field that the schema does not know is dropped, and the event is read', () => {
    const event = {
      ...aMessage('hello'),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    expect(decodeEvent(bytes(event))).toEqual(aMessage('hello'));
  });

  test.each([
    ['not JSON', '{'],
    ['a number', '42'],
    ['nothing', '{}'],
    ['an unknown type', { ...aMessage(), type: 'im.hutong.poem.v1' }],
    ['a missing recipient', { ...aMessage(), data: { ...aMessage().data, to: undefined } }],
    ['a wrong address', { ...aMessage(), data: { ...aMessage().data, to: 'bob' } }],
    ['an address that is no UTF-8', { ...aMessage(), data: { ...aMessage().data, to: 'im:%FF@tel' } }],
    ['an address in another spelling', { ...aMessage(), data: { ...aMessage().data, to: 'im:%62ob@south' } }],
    ['a wrong id', { ...aMessage(), id: 'x y' }],
    ['a wrong time', { ...aMessage(), time: 'yesterday' }],
    ['a path that is a list', { ...aMessage(), path: ['xmpp'] }],
    ['an empty path', { ...aMessage(), path: '' }],
    ['a path with a space', { ...aMessage(), path: 'xmpp, matrix' }],
    ['a path of six networks', { ...aMessage(), path: 'a,b,c,d,e,f' }],
  ])('%s is refused with 30 and says where', (_, wrong) => {
    expect(() => decodeEvent(bytes(wrong))).toThrow(expect.objectContaining({ code: '30' }) as Error);
  });

  test.each([
    ['not JSON', '{'],
    ['nothing', '{}'],
    ['no data', { ...aMessage(), data: null }],
    ['an unknown type', { ...aMessage(), type: 'im.hutong.poem.v1' }],
    ['a missing recipient', { ...aMessage(), data: { ...aMessage().data, to: undefined } }],
    ['a missing sender', { ...aMessage(), data: { ...aMessage().data, from: null } }],
  ])('what the switch cannot have written is refused with 30 when it is read: %s', (_, wrong) => {
    expect(() => readEvent(bytes(wrong))).toThrow(expect.objectContaining({ code: '30' }) as Error);
  });

  test('invalid UTF-8 is refused with 30', () => {
    expect(() => decodeEvent(Uint8Array.of(0x22, 0xff, 0xfe, 0x22))).toThrow(
      expect.objectContaining({ code: '30' }) as Error,
    );
  });

  test('more than a megabyte is refused with 61, coming and going', () => {
    expect(() => decodeEvent(new Uint8Array(MAX_EVENT_BYTES + 1))).toThrow(
      expect.objectContaining({ code: '61' }) as Error,
    );
    const huge = aMessage('x', {
      data: {
        ...aMessage().data,
        content: { body: plainText('y'.repeat(1_200_000)) },
      },
    });
    expect(() => encodeEvent(huge)).toThrow(expect.objectContaining({ code: '61' }) as Error);
  });

  test('any bytes give an event or a code', () => {
    const answers = (decode: (input: Uint8Array) => unknown) => (input: Uint8Array) => {
      try {
        decode(input);
      } catch (error) {
        expect(error).toMatchObject({ name: 'HubError' });
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), answers(decodeEvent)), { numRuns: FUZZ_RUNS });
    fc.assert(fc.property(fc.json().map(bytes), answers(decodeEvent)), { numRuns: FUZZ_RUNS });
    fc.assert(fc.property(fc.json().map(bytes), answers(decodeOutcome)), { numRuns: FUZZ_RUNS });
  });
});
