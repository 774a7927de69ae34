/** A detail record, and what it costs. */
import type { Money } from './money.js';
import type { Tariff, TariffBook } from './tariff.js';

/** What became of one event at one destination; complete, so it never changes any more. Times: RFC 3339 in UTC. */
export interface DetailRecord {
  reference: string;
  from: string;
  to: string;
  /** null: refused at the switch, before it counted as anything. */
  class: string | null;
  units: bigint;
  acceptedAt: string | null;
  endedAt: string;
  outcome: 'delivered' | 'failed';
  /** Result code. */
  code: string;
  /** It waited for a network that was away. */
  standIn: boolean;
  /** The switch ended it: its destination never saw it. */
  atSwitch: boolean;
  /** Keyed hashes of the two addresses. */
  fromParty: string;
  toParty: string;
}

export interface Rating {
  tariff: Tariff | undefined;
  /** From the sender's network to the receiver's. */
  price: Money;
  /** From the sender's network to the hub. */
  switchFee: Money;
}

const FREE: Rating = { tariff: undefined, price: 0n, switchFee: 0n };

/** Only what was delivered is paid for, at the tariff of the time when it was accepted. */
export function rate(record: DetailRecord, book: TariffBook): Rating {
  if (record.outcome !== 'delivered' || record.class === null || record.acceptedAt === null) return FREE;
  const tariff = book(record.from, record.to, record.class, record.acceptedAt);
  return tariff
    ? { tariff, price: record.units * tariff.terminationFee, switchFee: record.units * tariff.switchFee }
    : FREE;
}

/** In whose clearing files it stands: of what the switch refused, nobody but the sender learns. */
export function membersOf({ from, to, atSwitch }: DetailRecord): string[] {
  return atSwitch || from === to ? [from] : [from, to];
}
