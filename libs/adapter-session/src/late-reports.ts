/**
 * Reports that a network sends hours after it accepted a request (delivery reports of SMS): matched by the id that the
 * response gave. A report may come before the response to its own request, and both sides may restart in between.
 */
import { createHash } from 'node:crypto';
import { TurnsByKey } from '#service';

/** Storage that survives a restart and forgets entries by itself: `hub.recent` of the kit. Values are JSON. */
export interface ReportMemory {
  put(key: string, value: unknown): Promise<void>;
  get(key: string): Promise<unknown>;
}

type Kept<Request, Report> = { request: Request } | { early: Report[] };

/** A peer that invents ids, or repeats one, fills no memory. */
const MOST_EARLY = 16;

export class LateReports<Request, Report> {
  /** One change after the other for each id. */
  private readonly turns = new TurnsByKey();

  constructor(
    private readonly memory: ReportMemory,
    /** Called for each report of a known request, again for a report that comes again; must bear repetition. */
    private readonly onReport: (request: Request, report: Report) => Promise<void>,
  ) {}

  /** The network accepted a request under this id. Resolves when that is stored, and early reports were handed on. */
  accepted(id: string, request: Request): Promise<void> {
    const key = keyOf(id);
    return this.turns.run(key, async () => {
      const kept = await this.read(key);
      if (kept && 'early' in kept) for (const report of kept.early) await this.onReport(request, report);
      await this.memory.put(key, { request } satisfies Kept<Request, Report>);
    });
  }

  /**
   * A report came. Resolves when it was handed on or stored; the adapter answers the network then, not before.
   * @returns `early`: its request is not known yet; `excess`: neither, and there are 16 early reports of this id already
   */
  reported(id: string, report: Report): Promise<'handed-on' | 'early' | 'excess'> {
    const key = keyOf(id);
    return this.turns.run(key, async () => {
      const kept = await this.read(key);
      if (kept && 'request' in kept) {
        await this.onReport(kept.request, report);
        return 'handed-on';
      }
      const early = kept?.early ?? [];
      if (early.length >= MOST_EARLY) return 'excess';
      await this.memory.put(key, { early: [...early, report] } satisfies Kept<Request, Report>);
      return 'early';
    });
  }

  private async read(key: string): Promise<Kept<Request, Report> | undefined> {
    return ((await this.memory.get(key)) as Kept<Request, Report> | null | undefined) ?? undefined;
  }
}

/** Ids of networks may have characters and lengths that keys must not have. */
function keyOf(id: string): string {
  return `late-report.${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
