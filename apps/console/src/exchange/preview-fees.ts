/** Fees of the traffic of a day, for previews. Pure functions. */
import type { Money, Tariff, TariffBook } from '#clearing';
import { decimalOf } from '../settlement/amount.js';
import type { Flow } from './traffic-flows.repository.js';

export interface Fees {
  termination: Money;
  switch: Money;
  mayBeWaived: boolean;
}

type Priced = Pick<Flow, 'from_network' | 'to_network' | 'class' | 'units'>;

/** By the tariff that is in force at this time. */
export function feesOf(flow: Priced, tariffs: TariffBook, at: Date): Fees {
  const tariff = tariffs(flow.from_network, flow.to_network, flow.class, microseconds(at));
  const fee = (of: (tariff: Tariff) => Money) => (tariff ? of(tariff) * BigInt(flow.units) : 0n);
  return {
    termination: fee(({ terminationFee }) => terminationFee),
    switch: fee(({ switchFee }) => switchFee),
    mayBeWaived: tariff !== undefined && tariff.billAndKeepPermille !== null,
  };
}

/** As text with the decimals that a tariff book compares. */
function microseconds(at: Date): string {
  return at.toISOString().replace('Z', '000Z');
}

export function sumOf(fees: readonly Fees[]): Fees {
  return {
    termination: fees.reduce((sum, one) => sum + one.termination, 0n),
    switch: fees.reduce((sum, one) => sum + one.switch, 0n),
    mayBeWaived: fees.some(({ mayBeWaived }) => mayBeWaived),
  };
}

export function shown(fees: Fees): { termination: string; switch: string } {
  return { termination: decimalOf(fees.termination), switch: decimalOf(fees.switch) };
}
