import * as fc from 'fast-check';
import {
  DayBooks,
  formatMoney,
  isBillAndKeep,
  netSum,
  parseMoney,
  positionsOf,
  rate,
  shareOut,
  ShareRules,
  statementLines,
  tariffBook,
  type Adjustment,
  type DetailRecord,
  type ShareRule,
  type Tariff,
} from './index.js';

const NETWORKS = ['fetion', 'wechat', 'xmpp', 'yixin'];
const CLASSES = ['message', 'media', 'sms'];
const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`;

const tariff = (over: Partial<Tariff> = {}): Tariff => ({
  id: 't',
  from: '*',
  to: '*',
  class: 'message',
  validFrom: at(1),
  terminationFee: 100n,
  switchFee: 10n,
  billAndKeepPermille: null,
  shares: [],
  ...over,
});

const record = (over: Partial<DetailRecord> = {}): DetailRecord => ({
  reference: 'reference',
  from: 'fetion',
  to: 'wechat',
  class: 'message',
  units: 1n,
  acceptedAt: at(5),
  endedAt: at(5),
  outcome: 'delivered',
  code: '00',
  standIn: false,
  atSwitch: false,
  fromParty: 'a',
  toParty: 'b',
  ...over,
});

/** What each party gets, from records as they would be on paper. */
function settle(records: DetailRecord[], tariffs: Tariff[], adjustments: Adjustment[] = []) {
  const [books, book] = [new DayBooks(), tariffBook(tariffs)];
  for (const each of records) books.add(each, rate(each, book));
  return books.transfers(adjustments);
}
const position = (transfers: ReturnType<typeof settle>, party: string) =>
  positionsOf(transfers).find((one) => one.party === party)?.amount ?? 0n;

const rules: fc.Arbitrary<ShareRule[]> = fc
  .array(
    fc.record({
      party: fc.constantFrom('integrator:acme', 'integrator:zhong'),
      part: fc.integer({ min: 0, max: 5 }),
      of: fc.integer({ min: 20, max: 60 }),
      from: fc.constantFrom('sender' as const, 'receiver' as const),
    }),
    { maxLength: 4 },
  )
  .filter((some) => ShareRules.safeParse(some).success);

const tariffs: fc.Arbitrary<Tariff[]> = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    from: fc.constantFrom('*', ...NETWORKS),
    to: fc.constantFrom('*', ...NETWORKS),
    class: fc.constantFrom(...CLASSES),
    validFrom: fc.integer({ min: 1, max: 9 }).map(at),
    terminationFee: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    switchFee: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    billAndKeepPermille: fc.option(fc.integer({ min: 0, max: 1000 })),
    shares: rules,
  }),
  { maxLength: 12, selector: (one) => `${one.from} ${one.to} ${one.class} ${one.validFrom}` },
);

const records: fc.Arbitrary<DetailRecord[]> = fc.array(
  fc
    .record({
      from: fc.constantFrom(...NETWORKS),
      to: fc.constantFrom(...NETWORKS),
      class: fc.constantFrom(...CLASSES),
      units: fc.bigInt({ min: 1n, max: 10n ** 6n }),
      acceptedAt: fc.integer({ min: 1, max: 9 }).map(at),
      outcome: fc.constantFrom('delivered' as const, 'failed' as const),
    })
    .map((over) => record(over)),
  { maxLength: 40 },
);

const adjustments: fc.Arbitrary<Adjustment[]> = fc.array(
  fc.record({
    id: fc.uuid(),
    from: fc.constantFrom(...NETWORKS),
    to: fc.constantFrom(...NETWORKS, 'hub'),
    amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
  }),
  { maxLength: 4 },
);

describe('money', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 23n), max: 10n ** 23n }), (amount) => {
        expect(parseMoney(formatMoney(amount))).toBe(amount);
      }),
    );
  });

  it('has six decimals, and no others', () => {
    expect(formatMoney(12_345_678n)).toBe('12.345678');
    expect(formatMoney(-1n)).toBe('-0.000001');
    expect(parseMoney('0.05')).toBe(50_000n);
    for (const wrong of ['', '1.', '.5', '1.2345678', '1e3', '+1', '１'])
      expect(() => parseMoney(wrong)).toThrow('30');
  });
});

describe('the tariff of a record', () => {
  it.each([
    ['the pair', [tariff({ id: 'any' }), tariff({ id: 'pair', from: 'fetion', to: 'wechat' })], 'pair'],
    ['the sender', [tariff({ id: 'to', to: 'wechat' }), tariff({ id: 'from', from: 'fetion' })], 'from'],
    ['the receiver', [tariff({ id: 'any' }), tariff({ id: 'to', to: 'wechat' })], 'to'],
    ['the newest', [tariff({ id: 'old' }), tariff({ id: 'new', validFrom: at(4) })], 'new'],
    ['one that is in force', [tariff({ id: 'now' }), tariff({ id: 'later', validFrom: at(6) })], 'now'],
    ['from its very moment', [tariff({ id: 'old' }), tariff({ id: 'new', validFrom: at(5) })], 'new'],
    [
      'an old one of the pair',
      [tariff({ id: 'pair', from: 'fetion', to: 'wechat' }), tariff({ id: 'any', validFrom: at(4) })],
      'pair',
    ],
    ['none of another class', [tariff({ class: 'media' })], undefined],
  ])('is that of %s', (_, versions, id) => {
    expect(rate(record(), tariffBook(versions)).tariff?.id).toBe(id);
  });

  it('does not depend on the order in which versions were written', () => {
    fc.assert(
      fc.property(tariffs, records, (versions, some) => {
        const [one, other] = [tariffBook(versions), tariffBook([...versions].reverse())];
        for (const each of some) expect(rate(each, one)).toEqual(rate(each, other));
      }),
    );
  });
});

describe('what a record costs', () => {
  it('is units times fee, and the fee of the switch apart', () => {
    const { price, switchFee } = rate(record({ units: 3n }), tariffBook([tariff()]));
    expect([price, switchFee]).toEqual([300n, 30n]);
  });

  it('is nothing if it failed, was refused at the switch, or nothing was agreed', () => {
    const book = tariffBook([tariff()]);
    const refused = record({ outcome: 'failed', class: null, acceptedAt: null, atSwitch: true, units: 0n });
    for (const free of [record({ outcome: 'failed' }), refused, record({ class: 'call' })])
      expect(rate(free, book)).toEqual({ tariff: undefined, price: 0n, switchFee: 0n });
  });
});

describe('shares', () => {
  it('of a fee of 50 the operator keeps 10, the integrator 5, and 35 are passed on', () => {
    const shares: ShareRule[] = [
      { party: 'sender', part: 10, of: 50, from: 'receiver' },
      { party: 'integrator:acme', part: 5, of: 50, from: 'receiver' },
    ];
    expect(shareOut(50n, shares).passedOn).toBe(35n);
    const transfers = settle([record()], [tariff({ terminationFee: 50n, switchFee: 0n, shares })]);
    expect(position(transfers, 'wechat')).toBe(35n);
    expect(position(transfers, 'integrator:acme')).toBe(5n);
    expect(position(transfers, 'fetion')).toBe(-40n);
  });

  it('of the sender come on top', () => {
    const shares: ShareRule[] = [{ party: 'integrator:acme', part: 1, of: 3, from: 'sender' }];
    const transfers = settle([record()], [tariff({ terminationFee: 100n, switchFee: 0n, shares })]);
    expect(position(transfers, 'fetion')).toBe(-133n);
    expect(position(transfers, 'wechat')).toBe(100n);
  });

  it('lose nothing: what is passed on and what is given are the fee, and no share is off by a millionth or more', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), rules, (fee, some) => {
        const { passedOn, shares } = shareOut(fee, some);
        const given = shares.filter(({ from }) => from === 'receiver');
        expect(given.reduce((sum, { amount }) => sum + amount, passedOn)).toBe(fee);
        expect(passedOn >= 0n).toBe(true);
        shares.forEach(({ amount }, index) => {
          const { part, of } = some[index] ?? { part: 0, of: 1 };
          const off = fee * BigInt(part) - amount * BigInt(of);
          expect(off >= 0n && off < BigInt(of)).toBe(true);
        });
      }),
    );
  });

  it('are refused when they are more than the fee', () => {
    const half = { party: 'integrator:acme', part: 1, of: 2, from: 'receiver' };
    expect(ShareRules.safeParse([half, half]).success).toBe(true);
    expect(ShareRules.safeParse([half, half, { ...half, part: 1, of: 1000 }]).success).toBe(false);
    expect(ShareRules.safeParse([{ ...half, part: 3 }]).success).toBe(false);
    expect(ShareRules.safeParse([{ ...half, party: 'sender', from: 'sender' }]).success).toBe(false);
  });
});

describe('bill and keep', () => {
  const both = (there: bigint, back: bigint, permille: number | null, other = permille) => [
    { from: 'fetion', units: there, tariff: tariff({ billAndKeepPermille: permille }) },
    { from: 'wechat', units: back, tariff: tariff({ billAndKeepPermille: other }) },
  ];
  it.each([
    ['within', both(1000n, 900n, 100), true],
    ['one unit beyond', both(1000n, 899n, 100), false],
    ['the other way about', both(900n, 1000n, 100), true],
    ['equal, and no difference allowed', both(5n, 5n, 0), true],
    ['the narrower of two allowances', both(1000n, 900n, 100, 50), false],
    ['allowed by one direction only', both(5n, 5n, 100, null), false],
    ['one direction alone', both(5n, 5n, 999).slice(0, 1), false],
    ['one direction alone, always', both(5n, 5n, 1000).slice(0, 1), true],
  ])('%s', (_, groups, waived) => {
    expect(isBillAndKeep(groups)).toBe(waived);
  });

  it('waives the fees and the shares in them, but neither the fee of the switch nor other classes', () => {
    const shares: ShareRule[] = [{ party: 'integrator:acme', part: 1, of: 2, from: 'receiver' }];
    const transfers = settle(
      [record(), record({ from: 'wechat', to: 'fetion' }), record({ class: 'media' })],
      [
        tariff({ billAndKeepPermille: 100, shares }),
        tariff({ class: 'media', terminationFee: 7n, switchFee: 0n }),
      ],
    );
    expect(transfers.filter(({ kind }) => kind === 'waiver').map(({ amount }) => amount)).toEqual([
      100n,
      100n,
    ]);
    expect(position(transfers, 'fetion')).toBe(-10n - 7n);
    expect(position(transfers, 'wechat')).toBe(-10n + 7n);
    expect(position(transfers, 'hub')).toBe(20n);
    expect(position(transfers, 'integrator:acme')).toBe(0n);
  });
});

describe('netting', () => {
  it('sums to zero, whatever was sent and agreed', () => {
    fc.assert(
      fc.property(records, tariffs, adjustments, (some, versions, corrections) => {
        const transfers = settle(some, versions, corrections);
        expect(netSum(positionsOf(transfers))).toBe(0n);
        expect(transfers.every(({ amount }) => amount >= 0n)).toBe(true);
      }),
    );
  });

  it('is what the statements add up to', () => {
    fc.assert(
      fc.property(records, tariffs, adjustments, (some, versions, corrections) => {
        const transfers = settle(some, versions, corrections);
        const lines = statementLines(transfers);
        for (const { party, amount } of positionsOf(transfers)) {
          const own = lines.filter((line) => line.party === party);
          expect(own.reduce((sum, line) => sum + line.amount, 0n)).toBe(amount);
        }
      }),
    );
  });

  it('does not depend on the order of the records', () => {
    fc.assert(
      fc.property(records, tariffs, (some, versions) => {
        expect(settle([...some].reverse(), versions)).toEqual(settle(some, versions));
      }),
    );
  });

  it('equals a computation in another way: record by record, straight into the positions', () => {
    fc.assert(
      fc.property(records, tariffs, (some, versions) => {
        const plain = versions.map((one) => ({ ...one, shares: [], billAndKeepPermille: null }));
        const expected: Record<string, bigint> = {};
        const add = (party: string, amount: bigint) => (expected[party] = (expected[party] ?? 0n) + amount);
        for (const { from, to, class: name, units, acceptedAt, outcome } of some) {
          if (outcome === 'failed' || from === to) continue;
          const fits = (mine: string, wanted: string) => mine === wanted || mine === '*';
          const [best] = plain
            .filter((one) => fits(one.from, from) && fits(one.to, to) && one.class === name)
            .filter((one) => one.validFrom <= (acceptedAt ?? ''))
            .sort(
              (a, b) =>
                Number(a.from === '*') - Number(b.from === '*') ||
                Number(a.to === '*') - Number(b.to === '*') ||
                b.validFrom.localeCompare(a.validFrom),
            );
          if (!best) continue;
          add(from, -units * (best.terminationFee + best.switchFee));
          add(to, units * best.terminationFee);
          add('hub', units * best.switchFee);
        }
        const owing = positionsOf(settle(some, plain)).filter(({ amount }) => amount !== 0n);
        const all = Object.entries(expected).filter(([, amount]) => amount !== 0n);
        expect(Object.fromEntries(owing.map(({ party, amount }) => [party, amount]))).toEqual(
          Object.fromEntries(all),
        );
      }),
    );
  });
});
