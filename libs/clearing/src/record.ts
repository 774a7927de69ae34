/** A detail record, and what it costs. */
import type { Money } from './money.js';
import type { Tariff, TariffBook } from './tariff.js';

/** The outcome of one event at one destination. It is complete and does not change. Times: RFC 3339 in UTC. */
export interface DetailRecord {
  reference: string;
  from: string;
  to: string;
  /** null: the switch refused the event before its class of traffic was known. */
  class: string | null;
  units: bigint;
  acceptedAt: string | null;
  endedAt: string;
  /** unknown: the network of the recipient reported nothing within its time limit. */
  outcome: 'delivered' | 'failed' | 'unknown';
  /** Result code. */
  code: string;
  /** The event waited for a network that was away. */
  standIn: boolean;
  /** The switch ended the event: it did not reach its destination. */
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

/** Only delivered events are paid for, by the tariff in force when the bus accepted them. */
export function rate(record: DetailRecord, book: TariffBook): Rating {
  if (record.outcome !== 'delivered' || record.class === null || record.acceptedAt === null) return FREE;
  const tariff = book(record.from, record.to, record.class, record.acceptedAt);
  return tariff
    ? { tariff, price: record.units * tariff.terminationFee, switchFee: record.units * tariff.switchFee }
    : FREE;
}

/** Networks whose clearing files contain the record. An event that the switch refused is only in the file of its sender. */
export function membersOf({ from, to, atSwitch }: DetailRecord): string[] {
  return atSwitch || from === to ? [from] : [from, to];
}
