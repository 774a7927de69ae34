/** Where the parts of the picture of a day are drawn: payments as bands from payer to payee, and the net position of each party as a bar. */

/** Amounts are numbers here because they become lengths; the texts beside them are exact. */
export interface Payment {
  from: string;
  to: string;
  amount: number;
}

/** All parties beyond the largest, drawn as one. No party has this name. */
export const OTHERS = '…';
/** Parties drawn on each side, and bars. */
export const MOST_PARTIES = 8;

export const FLOW = { width: 640, height: 260, gap: 10, label: 150, box: 10, least: 3 } as const;

export interface FlowBox {
  party: string;
  x: number;
  y: number;
  height: number;
  total: number;
}

export interface FlowBand {
  from: string;
  to: string;
  amount: number;
  /** Outline for the attribute `d` of a path. */
  path: string;
}

export interface Flow {
  payers: FlowBox[];
  payees: FlowBox[];
  bands: FlowBand[];
  height: number;
}

export function flowOf(payments: readonly Payment[]): Flow {
  const shown = merged(payments.filter(({ amount }) => amount > 0));
  const [paid, received] = [totals(shown, 'from'), totals(shown, 'to')];
  const all = shown.reduce((sum, { amount }) => sum + amount, 0);
  const most = Math.max(paid.length, received.length);
  const scale = all === 0 ? 0 : (FLOW.height - FLOW.gap * (most - 1)) / all;
  const payers = boxes(paid, scale, FLOW.label);
  const payees = boxes(received, scale, FLOW.width - FLOW.label - FLOW.box);
  const ends = [...payers, ...payees].map(({ y, height }) => y + height);
  return { payers, payees, bands: bands(shown, payers, payees, scale), height: Math.max(0, ...ends) };
}

function merged(payments: readonly Payment[]): Payment[] {
  const keepers = (side: 'from' | 'to') => {
    const sums = totals(payments, side);
    const kept = sums.length > MOST_PARTIES ? sums.slice(0, MOST_PARTIES - 1) : sums;
    return new Set(kept.map(([party]) => party));
  };
  const [from, to] = [keepers('from'), keepers('to')];
  const sums = new Map<string, Payment>();
  for (const one of payments) {
    const payer = from.has(one.from) ? one.from : OTHERS;
    const payee = to.has(one.to) ? one.to : OTHERS;
    const key = JSON.stringify([payer, payee]);
    sums.set(key, { from: payer, to: payee, amount: (sums.get(key)?.amount ?? 0) + one.amount });
  }
  return [...sums.values()];
}

/** The largest first, the others last. */
function totals(payments: readonly Payment[], side: 'from' | 'to'): [party: string, total: number][] {
  const sums = new Map<string, number>();
  for (const one of payments) sums.set(one[side], (sums.get(one[side]) ?? 0) + one.amount);
  return [...sums].sort(
    ([party, total], [other, otherTotal]) =>
      Number(party === OTHERS) - Number(other === OTHERS) || otherTotal - total || (party < other ? -1 : 1),
  );
}

function boxes(sums: [string, number][], scale: number, x: number): FlowBox[] {
  let top = 0;
  return sums.map(([party, total]) => {
    const height = Math.max(FLOW.least, total * scale);
    const box = { party, x, y: top, height, total };
    top += height + FLOW.gap;
    return box;
  });
}

/** Bands leave and enter a box one below the other, in the order of the boxes at their other end, so that few cross. */
function bands(
  payments: readonly Payment[],
  payers: readonly FlowBox[],
  payees: readonly FlowBox[],
  scale: number,
): FlowBand[] {
  const used = new Map<FlowBox, number>();
  const take = (box: FlowBox, width: number) => {
    const y = box.y + (used.get(box) ?? 0);
    used.set(box, (used.get(box) ?? 0) + width);
    return y;
  };
  const amounts = new Map(payments.map((one) => [JSON.stringify([one.from, one.to]), one.amount]));
  return payers.flatMap((payer) =>
    payees.flatMap((payee) => {
      const amount = amounts.get(JSON.stringify([payer.party, payee.party]));
      if (amount === undefined) return [];
      const width = Math.max(1, amount * scale);
      const [x0, y0] = [payer.x + FLOW.box, take(payer, width)];
      const [x1, y1] = [payee.x, take(payee, width)];
      return [{ from: payer.party, to: payee.party, amount, path: band([x0, y0], [x1, y1], width) }];
    }),
  );
}

function band([x0, y0]: [number, number], [x1, y1]: [number, number], width: number): string {
  const middle = (x0 + x1) / 2;
  const points = [
    x0,
    y0,
    middle,
    y0,
    middle,
    y1,
    x1,
    y1,
    x1,
    y1 + width,
    middle,
    y1 + width,
    middle,
    y0 + width,
  ];
  const [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = points.map((one) => Math.round(one * 10) / 10);
  const bottom = Math.round((y0 + width) * 10) / 10;
  return `M${a} ${b}C${c} ${d} ${e} ${f} ${g} ${h}L${i} ${j}C${k} ${l} ${m} ${n} ${a} ${bottom}Z`;
}

export const BARS = { width: 640, row: 30, label: 150, amount: 140 } as const;

export interface Bar {
  party: string;
  amount: number;
  x: number;
  y: number;
  width: number;
}

export interface Bars {
  bars: Bar[];
  /** x of the line from which bars to the left are paid, and to the right received. */
  axis: number;
  height: number;
}

export function barsOf(positions: readonly { party: string; amount: number }[]): Bars {
  const sorted = [...positions].sort((one, other) => Math.abs(other.amount) - Math.abs(one.amount));
  const few = sorted.length > MOST_PARTIES ? sorted.slice(0, MOST_PARTIES - 1) : sorted;
  const rest = sorted.slice(few.length).reduce((sum, { amount }) => sum + amount, 0);
  const shown = sorted.length > few.length ? [...few, { party: OTHERS, amount: rest }] : few;
  const half = (BARS.width - BARS.label - BARS.amount) / 2;
  const axis = BARS.label + half;
  const largest = Math.max(0, ...shown.map(({ amount }) => Math.abs(amount)));
  const bars = shown.map(({ party, amount }, index) => {
    const width = largest === 0 ? 0 : Math.round((Math.abs(amount) / largest) * half * 10) / 10;
    return { party, amount, x: amount < 0 ? axis - width : axis, y: index * BARS.row, width };
  });
  return { bars, axis, height: shown.length * BARS.row };
}
