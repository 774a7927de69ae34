/** Transfers between parties, and their net position per party. */
import type { Money } from './money.js';

export const TRANSFER_KINDS = ['termination', 'switch', 'share', 'waiver', 'adjustment'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** The party that runs the switch. */
export const HUB = 'hub';

/** `from` pays `to`; never negative. */
export interface Transfer {
  kind: TransferKind;
  from: string;
  to: string;
  /** null: the transfer is an adjustment. */
  class: string | null;
  units: bigint;
  records: number;
  amount: Money;
  /** The id of the adjustment. */
  adjustment: string | null;
}

export interface Position {
  party: string;
  /** Positive: the party receives; negative: the party pays. */
  amount: Money;
}

/** Multilateral netting: one position per party. The positions sum to zero, because every transfer has two ends. */
export function positionsOf(transfers: readonly Transfer[]): Position[] {
  const positions = new Map<string, Money>();
  for (const { from, to, amount } of transfers) {
    positions.set(from, (positions.get(from) ?? 0n) - amount);
    positions.set(to, (positions.get(to) ?? 0n) + amount);
  }
  return [...positions]
    .map(([party, amount]) => ({ party, amount }))
    .sort((one, other) => (one.party < other.party ? -1 : 1));
}

export function netSum(positions: readonly Position[]): Money {
  return positions.reduce((sum, { amount }) => sum + amount, 0n);
}

/** A transfer as one of its two ends sees it. */
export interface StatementLine {
  party: string;
  counterparty: string;
  kind: TransferKind;
  class: string | null;
  direction: 'out' | 'in';
  units: bigint;
  records: number;
  /** Positive: the party receives it. */
  amount: Money;
  adjustment: string | null;
}

/** Both ends of every transfer, by party, in the order of the transfers. Traffic and money go in the same direction, except for a waiver. */
export function statementLines(transfers: readonly Transfer[]): StatementLine[] {
  const lines = transfers.flatMap(({ from, to, amount, ...what }): StatementLine[] => {
    const back = what.kind === 'waiver';
    return [
      { party: from, counterparty: to, ...what, direction: back ? 'in' : 'out', amount: -amount },
      { party: to, counterparty: from, ...what, direction: back ? 'out' : 'in', amount },
    ];
  });
  return lines.sort((one, other) => (one.party < other.party ? -1 : one.party > other.party ? 1 : 0));
}
