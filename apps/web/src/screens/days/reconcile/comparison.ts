/** Compares a member's own records with the clearing file of a day. Nothing leaves the browser. */
import { COMPARED, RecordFault, type Field, type OwnRecord } from './records';

/** Own records at most; a day with more is compared by the member's own programs. */
export const MOST_RECORDS = 500_000;
/** Differences that are listed; the rest is counted. */
export const MOST_LISTED = 2000;

export type DifferenceKind = 'onlyOurs' | 'onlyTheirs' | 'another' | 'repeated';

export interface Difference {
  kind: DifferenceKind;
  reference: string;
  to: string;
  /** Set for the kind `another`. */
  field?: Field;
  own?: string;
  billed?: string;
}

export interface Comparison {
  own: number;
  billed: number;
  same: number;
  differences: Difference[];
  /** All differences, also those that are not listed. */
  count: number;
}

/** First all own records, then all of the clearing file, then `finish`. */
export class Comparer {
  private readonly own = new Map<string, OwnRecord>();
  private readonly repeated = new Set<string>();
  private readonly differences: Difference[] = [];
  private count = 0;
  private billed = 0;
  private same = 0;
  private owned = 0;

  /** @throws RecordFault */
  addOwn(record: OwnRecord, line: number): void {
    this.owned++;
    if (this.owned > MOST_RECORDS) throw new RecordFault('too-many', line);
    const key = keyOf(record);
    if (!this.own.has(key)) this.own.set(key, record);
    else if (!this.repeated.has(key)) {
      this.repeated.add(key);
      this.note({ kind: 'repeated', reference: record.reference, to: record.to });
    }
  }

  addBilled(record: OwnRecord): void {
    this.billed++;
    const { reference, to } = record;
    const own = this.own.get(keyOf(record));
    if (!own) return this.note({ kind: 'onlyTheirs', reference, to, billed: record.price ?? '' });
    this.own.delete(keyOf(record));
    const fields = COMPARED.filter((field) => differs(field, own[field], record[field]));
    if (fields.length === 0) this.same++;
    for (const field of fields)
      this.note({
        kind: 'another',
        reference,
        to,
        field,
        own: own[field] ?? '',
        billed: record[field] ?? '',
      });
  }

  finish(): Comparison {
    for (const { reference, to, price } of this.own.values())
      this.note({ kind: 'onlyOurs', reference, to, own: price ?? '' });
    const { owned: own, billed, same, differences, count } = this;
    return { own, billed, same, differences, count };
  }

  private note(difference: Difference): void {
    this.count++;
    if (this.differences.length < MOST_LISTED) this.differences.push(difference);
  }
}

function keyOf({ reference, to }: OwnRecord): string {
  return `${reference} ${to}`;
}

/** Amounts are compared as amounts: 0.03 is 0.030000. A field that one side does not have is not compared. */
function differs(field: Field, own: string | undefined, billed: string | undefined): boolean {
  if (own === undefined || billed === undefined) return false;
  const isAmount = field === 'price' || field === 'switchFee' || field === 'units';
  return isAmount ? shortest(own) !== shortest(billed) : own !== billed;
}

function shortest(amount: string): string {
  return /^-?\d+(\.\d+)?$/.test(amount)
    ? amount
        .replace(/^(-?)0+(?=\d)/, '$1')
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
    : amount;
}
