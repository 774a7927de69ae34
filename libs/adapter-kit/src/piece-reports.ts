/**
 * What a network reports of each native message, where one message became several: it has arrived when all of them have, it is read
 * when all have arrived and the last one is read, and it has failed when one of them has. In the bucket, for 30 days, an entry for
 * each native message, so that two processes can store reports of the same message at once: `piece.<digest of native id>`.
 */
import { movesForward, networkOf, type Network, type Outcome } from '#protocol';
import { LruCache } from '#service';
import type { Correlation } from './correlation.js';
import type { LateReport, OutcomeStore } from './late-outcomes.js';
import { ownNatives } from './native-pieces.js';
import { nativeDigest } from './stored-messages.js';

/** Native ids in one outcome, as its schema limits them. A long text can become more native messages. */
export const MAX_NATIVE_IDS = 64;
const REMEMBERED = 50_000;

export class PieceReports {
  private readonly recent = new LruCache<string, LateReport>({ max: REMEMBERED });

  constructor(
    private readonly network: Network,
    private readonly store: Pick<OutcomeStore, 'put' | 'get'>,
    private readonly correlation: Pick<Correlation, 'find'>,
  ) {}

  /**
   * The network reports this of one native message of a delivered message. Resolves when it is stored.
   * @returns what it has reported of the message. undefined: not enough yet
   */
  async after(outcome: Outcome, report: LateReport, native: string): Promise<LateReport | undefined> {
    const natives = await this.nativesOf(outcome);
    if (natives.length <= 1 || !natives.includes(native)) return report;
    await this.note(native, report);
    return this.ofAll(natives);
  }

  /** All native messages that the event became: its outcome names the first of them. */
  async nativesOf({ event, from, native = [] }: Outcome): Promise<string[]> {
    if (native.length < MAX_NATIVE_IDS) return native;
    const ref = await this.correlation.find(event, networkOf(from.address));
    return ref ? ownNatives(ref) : native;
  }

  /** Resolves when it is stored. */
  async note(native: string, report: LateReport): Promise<void> {
    const key = this.keyOf(native);
    const before = await this.reportOf(key);
    if (before && !movesForward(before, report)) return;
    await this.store.put(key, report);
    this.recent.set(key, report);
  }

  /**
   * @param natives all native messages of one message, in order
   * @returns undefined: the network has not reported enough yet
   */
  async ofAll(natives: string[]): Promise<LateReport | undefined> {
    const reports = await Promise.all(natives.map((native) => this.reportOf(this.keyOf(native))));
    const failed = reports.findIndex((report) => report?.stage === 'failed');
    if (failed >= 0) return failure(reports[failed], failed, natives.length);
    const arrived = reports.filter((report) => report !== undefined);
    return arrived.length === natives.length ? weakest(arrived) : undefined;
  }

  private async reportOf(key: string): Promise<LateReport | undefined> {
    const known = this.recent.get(key);
    if (known) return known;
    const stored = ((await this.store.get(key)) as LateReport | null | undefined) ?? undefined;
    if (stored) this.recent.set(key, stored);
    return stored;
  }

  private keyOf(native: string): string {
    return `piece.${nativeDigest(this.network, native)}`;
  }
}

function failure(report: LateReport | undefined, at: number, count: number): LateReport | undefined {
  if (report?.stage !== 'failed' || count === 1) return report;
  return { ...report, detail: `part ${at + 1} of ${count}: ${report.detail}` };
}

/** What holds for all of them. One that went as an SMS cannot be read. */
function weakest(reports: LateReport[]): LateReport {
  const asSms = reports.find((report) => report.stage === 'delivered' && 'code' in report);
  if (asSms) return asSms;
  const last = reports.at(-1);
  if (last?.stage === 'read') return last;
  // A device has the whole message only if a device has each part.
  const { basis = 'network' } = reports.find((report) => report.basis !== 'user-device') ?? last ?? {};
  return { stage: 'delivered', basis };
}
