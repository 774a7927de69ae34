import { tariffBook, type Tariff } from '#clearing';
import { Agreement, AgreementIndex, type Phase, type TrafficClass } from '#protocol';
import { alteredLimits, effectOf, momentsOf, unknownEffect, type Rules } from './preview-effect.js';
import type { PreviewableChange } from './preview.dto.js';
import type { Flow } from './traffic-flows.repository.js';

const ID = '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90';
const NOW = new Date('2026-12-01T00:00:00Z');
const NEXT_YEAR = '2027-01-01T00:00:00.000Z';
const MESH: Phase = { phase: 'mesh' };

const agreement = (more: object = {}) =>
  Agreement.parse({
    id: ID,
    from: 'fetion',
    to: 'wechat',
    classes: ['message'],
    validFrom: '2026-01-01T00:00:00Z',
    ...more,
  });
const tariff = (fee: bigint, more: Partial<Tariff> = {}): Tariff => ({
  id: ID,
  from: '*',
  to: '*',
  class: 'message',
  validFrom: '2026-01-01T00:00:00.000000Z',
  terminationFee: fee,
  switchFee: 1000n,
  billAndKeepPermille: null,
  shares: [],
  ...more,
});
const rules = (agreements: object[], tariffs: Tariff[] = [tariff(50_000n)], more: Partial<Rules> = {}) => ({
  agreements: new AgreementIndex(agreements.map((one) => agreement(one))),
  phase: MESH,
  tariffs: tariffBook(tariffs),
  ...more,
});
const flow = (from: string, to: string, messages: number, kind: TrafficClass = 'message'): Flow => ({
  from_network: from,
  to_network: to,
  class: kind,
  messages,
  senders: 3,
  units: String(messages),
});
const FLOWS = [flow('fetion', 'wechat', 1204), flow('wechat', 'fetion', 10)];
const BOTH = [{}, { from: 'wechat', to: 'fetion' }];
const now = [NOW];

describe('the effect of a change', () => {
  test('is the traffic that the changed rules refuse, with what it costs', () => {
    const comparison = { before: rules(BOTH), after: rules(BOTH.slice(1)), moments: now };
    const effect = effectOf(FLOWS, [], comparison);
    expect(effect).toMatchObject({
      counted: 1214,
      stopped: [
        {
          from: 'fetion',
          to: 'wechat',
          class: 'message',
          messages: 1204,
          senders: 3,
          units: '1204',
          fees: { termination: '60.2', switch: '1.204' },
          stopsAt: NOW.toISOString(),
          why: expect.stringContaining('no agreement from fetion to wechat') as string,
        },
      ],
      repriced: [],
      totals: { messages: 1204, fees: { termination: '60.2', switch: '1.204' } },
      notes: [],
    });
  });

  test('traffic that is refused already does not count', () => {
    const comparison = { before: rules([]), after: rules([]), moments: now };
    expect(effectOf(FLOWS, [], comparison)).toMatchObject({ counted: 1214, stopped: [] });
  });

  test('an agreement that begins later stops from its beginning, one that has an end from its end', () => {
    const change: PreviewableChange = {
      kind: 'agreement.replace',
      id: ID,
      version: 1,
      terms: {
        ...agreement(),
        validFrom: '2026-01-01T00:00:00Z',
        validTo: NEXT_YEAR,
      },
    };
    const moments = momentsOf(change, NOW);
    expect(moments).toEqual([NOW, new Date(NEXT_YEAR)]);
    const after = rules([{ validTo: NEXT_YEAR }, ...BOTH.slice(1)]);
    const effect = effectOf(FLOWS, [], { before: rules(BOTH), after, moments });
    expect(effect.stopped.map(({ stopsAt, messages }) => [stopsAt, messages])).toEqual([[NEXT_YEAR, 1204]]);
  });

  test('a network that takes no part stops all of its traffic, and no other', () => {
    const flows = [...FLOWS, flow('wechat', 'qq', 7)];
    const every = [{ from: '*', to: '*' }];
    const after = rules(every, [], { absent: 'fetion' });
    const effect = effectOf(flows, [], { before: rules(every, []), after, moments: now });
    expect(effect.stopped.map(({ from, to }) => [from, to])).toEqual([
      ['fetion', 'wechat'],
      ['wechat', 'fetion'],
    ]);
    expect(effect.totals.messages).toBe(1214);
  });

  test('a tariff: what the traffic would have cost before and after, when it is in force', () => {
    const change: PreviewableChange = {
      kind: 'tariff.add',
      terms: {
        from: '*',
        to: '*',
        class: 'message',
        validFrom: NEXT_YEAR,
        terminationFee: '0.1',
        switchFee: '0.001',
        shares: [],
      },
    };
    const later = tariff(100_000n, { validFrom: '2027-01-01T00:00:00.000000Z', billAndKeepPermille: 5 });
    const effect = effectOf([flow('fetion', 'wechat', 10), flow('fetion', 'wechat', 10, 'sms')], [], {
      before: rules(BOTH),
      after: rules(BOTH, [tariff(50_000n), later]),
      moments: momentsOf(change, NOW),
    });
    expect(effect).toMatchObject({
      repriced: [
        {
          class: 'message',
          before: { termination: '0.5', switch: '0.01' },
          after: { termination: '1', switch: '0.01' },
        },
      ],
      totals: { before: { termination: '0.5' }, after: { termination: '1' } },
      notes: ['bill-and-keep'],
    });
  });
});

describe('limits', () => {
  const comparison = {
    before: rules(BOTH),
    after: rules([{ limits: { perSecond: 4 } }, ...BOTH.slice(1)]),
    moments: now,
  };

  test('are counted for the pairs whose limits change', () => {
    expect(alteredLimits(FLOWS, comparison)).toEqual([
      { from: 'fetion', to: 'wechat', limits: { perSecond: 4 } },
    ]);
  });

  test('what they refuse is an upper bound', () => {
    const over = { ...flow('fetion', 'wechat', 3), why: 'over the limit of messages a second' };
    expect(effectOf(FLOWS, [over], comparison)).toMatchObject({
      stopped: [{ messages: 3, why: over.why, fees: { termination: '0.15' } }],
      notes: ['upper-bound'],
    });
  });

  test('do not count what stops as a whole', () => {
    const over = { ...flow('fetion', 'wechat', 3), why: 'over the limit of messages a second' };
    const after = rules([{ limits: { perSecond: 4 }, classes: ['sms'] }, ...BOTH.slice(1)]);
    const effect = effectOf(FLOWS, [over], { ...comparison, after });
    expect(effect.stopped.map(({ messages }) => messages)).toEqual([1204]);
  });
});

describe('what is not known', () => {
  test('an effect that was not counted is not zero', () => {
    expect(unknownEffect()).toMatchObject({ counted: null, notes: ['not-counted'] });
  });
});
