import { BARS, barsOf, FLOW, flowOf, MOST_PARTIES, OTHERS } from './layout';

const payments = [
  { from: 'fetion', to: 'wechat', amount: 60 },
  { from: 'fetion', to: 'hub', amount: 10 },
  { from: 'wechat', to: 'fetion', amount: 30 },
];

describe('payments of a day', () => {
  it('are bands as wide as their amounts, from the largest payer down', () => {
    const { payers, payees, bands, height } = flowOf(payments);
    expect(payers.map(({ party, total }) => [party, total])).toEqual([
      ['fetion', 70],
      ['wechat', 30],
    ]);
    expect(payees.map(({ party }) => party)).toEqual(['wechat', 'fetion', 'hub']);
    expect(bands).toHaveLength(3);
    const [first, second] = payers;
    expect((first?.height ?? 0) / (second?.height ?? 1)).toBeCloseTo(70 / 30);
    expect(height).toBeLessThanOrEqual(FLOW.height);
  });

  it('boxes of one side do not overlap', () => {
    for (const side of ['payers', 'payees'] as const) {
      const boxes = flowOf(payments)[side];
      boxes.slice(1).forEach((box, index) => {
        const above = boxes[index];
        expect(box.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
      });
    }
  });

  it('of many parties: the largest are drawn, the others as one, and no money is lost', () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ from: `n${n}`, to: 'hub', amount: n + 1 }));
    const { payers } = flowOf(many);
    expect(payers).toHaveLength(MOST_PARTIES);
    expect(payers.at(-1)?.party).toBe(OTHERS);
    expect(payers.reduce((sum, { total }) => sum + total, 0)).toBe((30 * 31) / 2);
  });

  it('none: nothing is drawn', () => {
    expect(flowOf([])).toEqual({ payers: [], payees: [], bands: [], height: 0 });
    expect(flowOf([{ from: 'a', to: 'b', amount: 0 }]).bands).toEqual([]);
  });
});

describe('positions', () => {
  it('go left when they are paid and right when they are received, the largest first', () => {
    const { bars, axis } = barsOf([
      { party: 'hub', amount: 10 },
      { party: 'fetion', amount: -40 },
      { party: 'wechat', amount: 30 },
    ]);
    expect(bars.map(({ party }) => party)).toEqual(['fetion', 'wechat', 'hub']);
    const [fetion, wechat] = bars;
    expect((fetion?.x ?? 0) + (fetion?.width ?? 0)).toBe(axis);
    expect(fetion?.x).toBe(BARS.label);
    expect(wechat?.x).toBe(axis);
  });

  it('of many parties: the rest is one bar, so that all still sum to zero', () => {
    const many = Array.from({ length: 20 }, (_, n) => ({ party: `n${n}`, amount: n - 9.5 }));
    const { bars, height } = barsOf(many);
    expect(bars).toHaveLength(MOST_PARTIES);
    expect(bars.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(0);
    expect(height).toBe(MOST_PARTIES * BARS.row);
  });

  it('all zero: bars without width', () => {
    expect(barsOf([{ party: 'a', amount: 0 }]).bars).toMatchObject([{ width: 0 }]);
  });
});
