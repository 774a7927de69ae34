/** The manifest of a closed day: its totals, and for each member the checksums of its files. */
import type { BusinessDate } from './business-day.js';
import type { Group } from './day-books.js';
import {
  FILE_FORMATS,
  FILE_HEAD,
  fileLines,
  fileName,
  RunningDigest,
  type FileDigest,
  type FileFormat,
} from './file-lines.js';
import { formatMoney, type Money } from './money.js';
import { netSum, type Position } from './netting.js';
import { membersOf, type DetailRecord, type Rating } from './record.js';

export interface ClassTotals {
  records: number;
  /** A whole number as text: it can exceed what JSON numbers represent exactly. */
  units: string;
  /** Termination fees, before waivers and shares. */
  amount: string;
}

export interface MemberManifest {
  /** 1 for the member's first day, then counted up: a gap shows a missing file. */
  sequence: number;
  records: number;
  delivered: number;
  failed: number;
  /** Absent: none. */
  unknown?: number;
  files: Record<FileFormat, FileDigest & { name: string }>;
  /** Delivered units by class, sent and received. */
  sent: Record<string, ClassTotals>;
  received: Record<string, ClassTotals>;
  position: string;
}

export interface Manifest {
  version: 1;
  date: BusinessDate;
  records: number;
  delivered: number;
  failed: number;
  /** Absent: none. */
  unknown?: number;
  /** The sum of all positions: zero. */
  netSum: string;
  members: Record<string, MemberManifest>;
}

type Digests = Record<FileFormat, RunningDigest>;

/** Counts and hashes the files of all members in one pass over the records. */
export class MemberFiles {
  private readonly members = new Map<string, Digests>();

  /** @param silent networks that have a file even without any record */
  constructor(
    private readonly date: BusinessDate,
    silent: readonly string[],
  ) {
    for (const network of silent) this.of(network);
  }

  add(record: DetailRecord, rating: Rating): void {
    const lines = fileLines(this.date, record, rating);
    for (const network of membersOf(record)) {
      const digests = this.of(network);
      for (const format of FILE_FORMATS) digests[format].add(lines[format]);
    }
  }

  /** @param sequences the last number of each member; absent: the member has had no file */
  manifest(
    groups: readonly Group[],
    positions: readonly Position[],
    sequences: ReadonlyMap<string, number>,
  ): Manifest {
    const amounts = new Map(positions.map(({ party, amount }) => [party, amount]));
    const members = [...this.members].sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      version: 1,
      date: this.date,
      ...counts(groups),
      netSum: formatMoney(netSum(positions)),
      members: Object.fromEntries(
        members.map(([network, digests]) => [
          network,
          {
            sequence: (sequences.get(network) ?? 0) + 1,
            ...counts(
              groups.filter(({ from, to, atSwitch }) => from === network || (to === network && !atSwitch)),
            ),
            files: {
              jsonl: { name: fileName(this.date, network, 'jsonl'), ...digests.jsonl.end() },
              csv: { name: fileName(this.date, network, 'csv'), ...digests.csv.end() },
            },
            sent: byClass(groups.filter(({ from }) => from === network)),
            received: byClass(groups.filter(({ to }) => to === network)),
            position: formatMoney(amounts.get(network) ?? 0n),
          },
        ]),
      ),
    };
  }

  private of(network: string): Digests {
    let digests = this.members.get(network);
    if (!digests) {
      digests = { jsonl: new RunningDigest(FILE_HEAD.jsonl), csv: new RunningDigest(FILE_HEAD.csv) };
      this.members.set(network, digests);
    }
    return digests;
  }
}

function counts(groups: readonly Group[]): Pick<Manifest, 'records' | 'delivered' | 'failed' | 'unknown'> {
  const sum = (some: readonly Group[]) => some.reduce((total, { records }) => total + records, 0);
  const of = (wanted: Group['outcome']) => sum(groups.filter(({ outcome }) => outcome === wanted));
  const unknown = of('unknown');
  return {
    records: sum(groups),
    delivered: of('delivered'),
    failed: of('failed'),
    ...(unknown > 0 ? { unknown } : {}),
  };
}

function byClass(groups: readonly Group[]): Record<string, ClassTotals> {
  const totals = new Map<string, { records: number; units: bigint; amount: Money }>();
  for (const group of groups) {
    if (group.outcome !== 'delivered' || group.class === null) continue;
    const sum = totals.get(group.class) ?? { records: 0, units: 0n, amount: 0n };
    totals.set(group.class, {
      records: sum.records + group.records,
      units: sum.units + group.units,
      amount: sum.amount + group.price,
    });
  }
  return Object.fromEntries(
    [...totals]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { records, units, amount }]) => [
        name,
        { records, units: units.toString(), amount: formatMoney(amount) },
      ]),
  );
}
