import fc from 'fast-check';
import {
  Address,
  addressOf,
  decodeLocal,
  encodeLocal,
  nativeOf,
  network,
  networkOf,
  parseAddress,
} from './address.js';
import { addressOfGhost, ghostName, type GhostNameRule } from './ghost-name.js';
import { directConversation } from './conversation.js';
import { eventId, laneOf, LANES } from './ids.js';
import { HubError } from './results.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const xmpp = network('xmpp');
/** Everything that a network may call a person: any script, emoji, spaces, @, up to 1,000 characters. */
const nativeIds = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((text) => text.isWellFormed()),
  fc
    .string({ unit: 'grapheme-composite', minLength: 900, maxLength: 1000 })
    .map((text) => text.slice(0, 1000))
    .filter((text) => text.isWellFormed()),
  fc.constantFrom(
    'alice@example.org',
    '@bob:hub.test',
    '+8613800138000',
    'Ünï cödé',
    '张三@例子',
    '👩‍👩‍👧',
    ' leading',
    'UPPER',
    '%41',
    '=40',
  ),
);

describe('addresses', () => {
  test('a native id becomes an address and comes back exactly', () => {
    fc.assert(
      fc.property(nativeIds, (native) => expect(nativeOf(addressOf(xmpp, native))).toBe(native)),
      { numRuns: 2000 },
    );
  });

  test('two people never share an address, even where the network folds case', () => {
    fc.assert(
      fc.property(
        nativeIds,
        nativeIds,
        (one, other) => one === other || encodeLocal(one).toLowerCase() !== encodeLocal(other).toLowerCase(),
      ),
      { numRuns: 2000 },
    );
  });

  test('whatever passes for an address has one spelling, and a native id', () => {
    const spellings = fc.string({
      unit: fc.constantFrom('a', '-', '%61', '%2D', '%7B', '%FF', '%C3', '%A9'),
      minLength: 1,
    });
    fc.assert(
      fc.property(spellings, (local) => {
        const { success, data } = Address.safeParse(`im:${local}@xmpp`);
        if (success) expect(addressOf(xmpp, nativeOf(data))).toBe(data);
        else
          expect(() => parseAddress(`im:${local}@xmpp`)).toThrow(
            expect.objectContaining({ code: '30' }) as Error,
          );
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test('an address is read part by part', () => {
    expect(parseAddress('im:%40bob%3Ahub.test@matrix')).toEqual({
      network: 'matrix',
      local: '%40bob%3Ahub.test',
      native: '@bob:hub.test',
    });
    expect(networkOf(addressOf(xmpp, 'a@b'))).toBe('xmpp');
  });

  test.each([
    '',
    'im:@xmpp',
    'im:alice',
    'alice@xmpp',
    'im:Alice@xmpp',
    'im:%4@xmpp',
    'im:%zz@xmpp',
    'im:%FF@xmpp',
    'im:%61lice@xmpp',
    'im:a@XMPP',
    `im:${'a'.repeat(30_000)}@xmpp`,
  ])('%s is refused with 30', (wrong) => {
    expect(() => parseAddress(wrong)).toThrow(expect.objectContaining({ code: '30' }) as Error);
  });

  test('for any input the parser returns an address or throws 30', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const parse of [() => parseAddress(text), () => decodeLocal(text)]) {
          try {
            parse();
          } catch (error) {
            // Jest's own comparison takes longer than the parser.
            if (!(error instanceof HubError && error.code === '30')) throw error;
          }
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test('a lone surrogate is no native id', () => {
    expect(() => encodeLocal('\uD800')).toThrow('lone surrogate');
  });
});

describe('ghost names', () => {
  const rules: GhostNameRule[] = [
    { escape: '%', maxBytes: 1023 },
    { escape: '=', maxBytes: 200 },
  ];

  test('give the address back after the network has folded their case, unless they are too long', () => {
    fc.assert(
      fc.property(nativeIds, fc.constantFrom(...rules), (native, rule) => {
        const address = addressOf(xmpp, native);
        const { kind, name } = ghostName(address, rule);
        expect(name.length).toBeLessThanOrEqual(rule.maxBytes);
        expect(name).toBe(name.toLowerCase());
        if (kind === 'exact') expect(addressOfGhost(name.toLowerCase(), rule, xmpp)).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });

  test('one that is too long is a digest, always the same', () => {
    const address = addressOf(xmpp, '长'.repeat(1000));
    const rule = { escape: '%', maxBytes: 1023 } as const;
    expect(ghostName(address, rule)).toEqual(ghostName(address, rule));
    expect(ghostName(address, rule).kind).toBe('digest');
  });
});

describe('ids', () => {
  test('the same native event is the same event; another network’s is not', () => {
    expect(eventId(xmpp, 'message', 'abc')).toBe(eventId(xmpp, 'message', 'abc'));
    expect(eventId(network('matrix'), 'message', 'abc')).not.toBe(eventId(xmpp, 'message', 'abc'));
    expect(eventId(xmpp, 'messagea', 'bc')).not.toBe(eventId(xmpp, 'message', 'abc'));
  });

  test('a conversation of two is the same from both sides and stays in one lane', () => {
    fc.assert(
      fc.property(nativeIds, nativeIds, (one, other) => {
        const [a, b] = [addressOf(xmpp, one), addressOf(network('matrix'), other)];
        expect(directConversation(a, b)).toBe(directConversation(b, a));
        const lane = laneOf(directConversation(a, b));
        expect(lane).toBeGreaterThanOrEqual(0);
        expect(lane).toBeLessThan(LANES);
      }),
    );
  });
});
