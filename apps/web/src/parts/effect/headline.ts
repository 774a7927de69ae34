/** The one sentence that says what a change would have done. Pure functions. */
import { sumOf } from '../../format/money';

interface Fees {
  termination: string;
  switch: string;
}

export interface Counted {
  counted: number | null;
  repriced: readonly unknown[];
  totals: { messages: number; rerouted: number; fees: Fees; before: Fees; after: Fees };
}

export type Headline =
  | { kind: 'unknown' | 'noTraffic' }
  | { kind: 'nothing'; counted: number }
  | { kind: 'stopped'; messages: number; fees: string }
  | { kind: 'rerouted'; messages: number; before: string; after: string }
  | { kind: 'repriced'; before: string; after: string };

/** In the order in which they are shown. */
export function headlinesOf({ counted, repriced, totals }: Counted): Headline[] {
  if (counted === null) return [{ kind: 'unknown' }];
  const { messages, rerouted, fees, before, after } = totals;
  const found: Headline[] = [
    ...(messages > 0 ? [{ kind: 'stopped' as const, messages, fees: wholeOf(fees) }] : []),
    ...(rerouted > 0
      ? [
          {
            kind: 'rerouted' as const,
            messages: rerouted,
            before: wholeOf(before),
            after: wholeOf(after),
          },
        ]
      : []),
    ...(repriced.length > 0
      ? [{ kind: 'repriced' as const, before: wholeOf(before), after: wholeOf(after) }]
      : []),
  ];
  if (found.length > 0) return found;
  return [counted === 0 ? { kind: 'noTraffic' } : { kind: 'nothing', counted }];
}

export function wholeOf(fees: Fees): string {
  return sumOf([fees.termination, fees.switch]);
}
