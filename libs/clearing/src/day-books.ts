/** The books of one day. Records are added one by one; only totals per pair, class and tariff are kept, so that memory does not grow with the day. */
import type { Money } from './money.js';
import { HUB, TRANSFER_KINDS, type Transfer } from './netting.js';
import type { DetailRecord, Rating } from './record.js';
import { SENDER, shareOut } from './shares.js';
import type { Tariff } from './tariff.js';

/** What a dispute or an admin decided: `from` pays `to`. */
export interface Adjustment {
  id: string;
  from: string;
  to: string;
  amount: Money;
}

export interface Group {
  from: string;
  to: string;
  class: string | null;
  outcome: DetailRecord['outcome'];
  atSwitch: boolean;
  tariff: Tariff | undefined;
  records: number;
  units: bigint;
  price: Money;
  switchFee: Money;
}

export class DayBooks {
  private readonly byKey = new Map<string, Group>();

  add(record: DetailRecord, { tariff, price, switchFee }: Rating): void {
    const key = `${record.from} ${record.to} ${record.class} ${tariff?.id} ${record.outcome} ${record.atSwitch}`;
    let group = this.byKey.get(key);
    if (!group) {
      const { from, to, outcome, atSwitch } = record;
      group = {
        from,
        to,
        class: record.class,
        outcome,
        atSwitch,
        tariff,
        records: 0,
        units: 0n,
        price: 0n,
        switchFee: 0n,
      };
      this.byKey.set(key, group);
    }
    group.records += 1;
    group.units += record.units;
    group.price += price;
    group.switchFee += switchFee;
  }

  get groups(): Group[] {
    return [...this.byKey.values()];
  }

  transfers(adjustments: readonly Adjustment[] = []): Transfer[] {
    return transfersOf(this.groups, adjustments);
  }
}

/** Payments that follow from a day's records, in a fixed order. */
export function transfersOf(groups: readonly Group[], adjustments: readonly Adjustment[]): Transfer[] {
  const charged = groups.filter(
    ({ outcome, class: kind, from, to }) => outcome === 'delivered' && kind !== null && from !== to,
  );
  const pairs = Map.groupBy(charged, ({ from, to, class: kind }) => `${[from, to].sort().join(' ')} ${kind}`);
  const transfers = [...pairs.values()].flatMap((both) => {
    const waived = isBillAndKeep(both);
    return both.flatMap((group) => [
      transfer('termination', group, group.from, group.to, group.price),
      ...(group.switchFee > 0n ? [transfer('switch', group, group.from, HUB, group.switchFee)] : []),
      ...(waived ? waiverOf(group) : sharesOf(group)),
    ]);
  });
  return [...merged(transfers), ...adjustments.map(ofAdjustment)].sort(inOrder);
}

/**
 * Bill and keep: neither network pays if the traffic of the two directions of a pair is nearly equal. All tariffs that rated
 * a part of it must allow that; the smallest permitted difference counts.
 */
export function isBillAndKeep(both: readonly Pick<Group, 'from' | 'units' | 'tariff'>[]): boolean {
  const allowed = both.map(({ tariff }) => tariff?.billAndKeepPermille ?? null);
  if (allowed.includes(null)) return false;
  const permille = Math.min(...allowed.filter((one) => one !== null));
  const sums = new Map<string, bigint>();
  for (const { from, units } of both) sums.set(from, (sums.get(from) ?? 0n) + units);
  const [first = 0n, second = 0n] = [...sums.values()];
  const [larger, smaller] = first > second ? [first, second] : [second, first];
  return (larger - smaller) * 1000n <= larger * BigInt(permille);
}

function waiverOf(group: Group): Transfer[] {
  return group.price > 0n ? [transfer('waiver', group, group.to, group.from, group.price)] : [];
}

function sharesOf(group: Group): Transfer[] {
  const { shares } = shareOut(group.price, group.tariff?.shares ?? []);
  return shares
    .filter(({ amount }) => amount > 0n)
    .map(({ party, from, amount }) =>
      transfer(
        'share',
        group,
        from === 'sender' ? group.from : group.to,
        party === SENDER ? group.from : party,
        amount,
      ),
    );
}

function transfer(
  kind: Transfer['kind'],
  { class: trafficClass, units, records }: Group,
  from: string,
  to: string,
  amount: Money,
): Transfer {
  return { kind, from, to, class: trafficClass, units, records, amount, adjustment: null };
}

function ofAdjustment({ id, from, to, amount }: Adjustment): Transfer {
  return { kind: 'adjustment', from, to, class: null, units: 0n, records: 0, amount, adjustment: id };
}

/** Several versions of a tariff within the day make one line of the statement. */
function merged(transfers: readonly Transfer[]): Transfer[] {
  const lines = Map.groupBy(transfers, ({ kind, from, to, class: name }) => `${kind} ${from} ${to} ${name}`);
  return [...lines.values()].map((parts) =>
    parts.reduce((sum, part) => ({
      ...sum,
      units: sum.units + part.units,
      records: sum.records + part.records,
      amount: sum.amount + part.amount,
    })),
  );
}

function inOrder(one: Transfer, other: Transfer): number {
  const [first, second] = [sortKey(one), sortKey(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function sortKey({ kind, from, to, class: name, adjustment }: Transfer): string {
  return [TRANSFER_KINDS.indexOf(kind), from, to, name ?? '', adjustment ?? ''].join(' ');
}
