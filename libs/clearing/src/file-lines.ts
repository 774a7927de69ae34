/** Lines of clearing files. The same functions make the file and, when the day is closed, its checksum. */
import { createHash } from 'node:crypto';
import { UNIT_OF, type TrafficClass } from '#protocol';
import type { BusinessDate } from './business-day.js';
import { formatMoney } from './money.js';
import type { DetailRecord, Rating } from './record.js';

export const FILE_FORMATS = ['jsonl', 'csv'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export const FILE_COLUMNS = [
  'reference',
  'date',
  'from',
  'to',
  'class',
  'unit',
  'units',
  'acceptedAt',
  'endedAt',
  'outcome',
  'code',
  'standIn',
  'fromParty',
  'toParty',
  'tariff',
  'price',
  'switchFee',
] as const;

/** The first line of a file, by format. */
export const FILE_HEAD: Record<FileFormat, string> = { jsonl: '', csv: `${FILE_COLUMNS.join(',')}\n` };

export function fileName(date: BusinessDate, network: string, format: FileFormat): string {
  return `${network}-${date}.${format}`;
}

/** The line of a record in each format, with its line end. No value needs quotes in CSV: values that would are refused when records are made. */
export function fileLines(
  date: BusinessDate,
  record: DetailRecord,
  { tariff, price, switchFee }: Rating,
): Record<FileFormat, string> {
  const row = {
    reference: record.reference,
    date,
    from: record.from,
    to: record.to,
    class: record.class,
    unit: record.class === null ? null : (UNIT_OF[record.class as TrafficClass] ?? null),
    units: record.units.toString(),
    acceptedAt: record.acceptedAt,
    endedAt: record.endedAt,
    outcome: record.outcome,
    code: record.code,
    standIn: record.standIn,
    fromParty: record.fromParty,
    toParty: record.toParty,
    tariff: tariff?.id ?? null,
    price: formatMoney(price),
    switchFee: formatMoney(switchFee),
  };
  return { jsonl: `${JSON.stringify(row)}\n`, csv: `${Object.values(row).join(',')}\n` };
}

export interface FileDigest {
  records: number;
  bytes: number;
  sha256: string;
}

const CHUNK = 64 * 1024;

/** Counts the bytes of a file and hashes them, without storing it. */
export class RunningDigest {
  private readonly hash = createHash('sha256');
  private pending: string;
  private records = 0;
  private bytes = 0;

  constructor(head: string) {
    this.pending = head;
  }

  add(line: string): void {
    this.records += 1;
    this.pending += line;
    if (this.pending.length > CHUNK) this.flush();
  }

  end(): FileDigest {
    this.flush();
    return { records: this.records, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  private flush(): void {
    // Hashed as a string: buffers for each piece are memory outside the heap, which the garbage collector frees late.
    this.hash.update(this.pending, 'utf8');
    this.bytes += Buffer.byteLength(this.pending, 'utf8');
    this.pending = '';
  }
}
