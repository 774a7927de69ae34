/** Finds the tariff, and its version, by which a record is rated. */
import { ANY_NETWORK } from '#protocol';
import type { Money } from './money.js';
import type { ShareRule } from './shares.js';

/** One version of a tariff: in force from its date until the date of a newer version for the same pair and class. */
export interface Tariff {
  id: string;
  /** A network, or `*`. */
  from: string;
  to: string;
  class: string;
  /** RFC 3339 in UTC; see `TariffBook`. */
  validFrom: string;
  /** Per delivered unit, from the sender's network to the receiver's. */
  terminationFee: Money;
  /** Per delivered unit, from the sender's network to the hub. */
  switchFee: Money;
  /** Directions that differ by no more than this, in thousandths of the larger, cancel out; null: every unit is paid. */
  billAndKeepPermille: number | null;
  shares: readonly ShareRule[];
}

/**
 * undefined: there is no tariff, and the record costs nothing.
 * @param acceptedAt RFC 3339 in UTC with as many decimals as `validFrom` has: as text they compare as times do
 */
export type TariffBook = (
  from: string,
  to: string,
  trafficClass: string,
  acceptedAt: string,
) => Tariff | undefined;

/** A tariff of the pair takes precedence over one with `*`, the sender's over the receiver's; of several versions the newest in force counts. */
export function tariffBook(tariffs: readonly Tariff[]): TariffBook {
  const versions = new Map<string, Tariff[]>();
  for (const tariff of [...tariffs].sort(newestFirst)) {
    const key = keyOf(tariff.from, tariff.to, tariff.class);
    const known = versions.get(key);
    if (known) known.push(tariff);
    else versions.set(key, [tariff]);
  }
  return (from, to, trafficClass, acceptedAt) => {
    for (const key of [
      keyOf(from, to, trafficClass),
      keyOf(from, ANY_NETWORK, trafficClass),
      keyOf(ANY_NETWORK, to, trafficClass),
      keyOf(ANY_NETWORK, ANY_NETWORK, trafficClass),
    ]) {
      const found = versions.get(key)?.find(({ validFrom }) => validFrom <= acceptedAt);
      if (found) return found;
    }
    return undefined;
  };
}

function keyOf(from: string, to: string, trafficClass: string): string {
  return `${from}>${to}:${trafficClass}`;
}

function newestFirst(one: Tariff, other: Tariff): number {
  return one.validFrom < other.validFrom ? 1 : one.validFrom > other.validFrom ? -1 : 0;
}
