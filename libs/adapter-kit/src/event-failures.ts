/** Reads in the replies to heartbeats how many events of this network failed, logs new failures, and exposes the counts as metrics. */
import type { EventFailures, Network } from '#protocol';
import { metrics, type Log } from '#service';

const KINDS = ['refused', 'deadLettered'] as const;
type Kind = (typeof KINDS)[number];

const WORDS: Record<Kind, string> = {
  refused: 'the hub refused events of this network',
  deadLettered: 'events of this network became dead letters',
};

export class EventFailureLog {
  private known: EventFailures | undefined;

  constructor(
    private readonly network: Network,
    private readonly log: Log,
  ) {}

  read(failures: EventFailures): void {
    for (const kind of KINDS) {
      const { count, last } = failures[kind];
      metrics.failedEvents.set({ network: this.network, kind: METRIC_KIND[kind] }, count);
      if (!last || !hasGrown(kind, failures, this.known)) continue;
      const { code, text: reason, event, at } = last;
      this.log.warn({ count, since: failures.since, code, reason, event, at }, WORDS[kind]);
    }
    this.known = failures;
  }
}

const METRIC_KIND: Record<Kind, string> = { refused: 'refused', deadLettered: 'dead-lettered' };

/** Counts of another console, or of another sign-on, cannot be compared: a failure is then new if it is younger. */
function hasGrown(kind: Kind, now: EventFailures, before: EventFailures | undefined): boolean {
  if (before?.since === now.since) return now[kind].count > before[kind].count;
  const [newest, known] = [now[kind].last?.at ?? '', before?.[kind].last?.at ?? ''];
  return newest > known;
}
