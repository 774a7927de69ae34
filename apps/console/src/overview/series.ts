/** Time span and points of a range. Pure. */
import type { Figures, Span } from './overview.repository.js';
import type { OverviewView, Range } from './overview.dto.js';

const SPANS: Record<Range, { seconds: number; step: number }> = {
  live: { seconds: 300, step: 10 },
  hour: { seconds: 3600, step: 60 },
  day: { seconds: 86_400, step: 3600 },
  week: { seconds: 604_800, step: 21_600 },
};

/** Begins and ends with a whole step; days and weeks with a whole hour, as the tally does. */
export function spanOf(range: Range, now: Date): Span {
  const { seconds, step } = SPANS[range];
  const grain = Math.min(step, 3600) * 1000;
  const end = Math.ceil(now.getTime() / grain) * grain;
  return { since: new Date(end - seconds * 1000), until: now, step, fromTally: step >= 3600 };
}

/** A point for every step, also for those without a message. */
export function seriesOf(
  { since, until, step }: Span,
  { accepted, failed }: Pick<Figures, 'accepted' | 'failed'>,
): OverviewView['series'] {
  const sum = (rows: { bucket: Date; count: number }[]) => {
    const by = new Map<number, number>();
    for (const { bucket, count } of rows) by.set(bucket.getTime(), (by.get(bucket.getTime()) ?? 0) + count);
    return by;
  };
  const [messages, failures] = [sum(accepted), sum(failed)];
  const points: OverviewView['series'] = [];
  for (let at = since.getTime(); at <= until.getTime(); at += step * 1000)
    points.push({
      at: new Date(at).toISOString(),
      messages: messages.get(at) ?? 0,
      failed: failures.get(at) ?? 0,
    });
  return points;
}

/** Most frequent first. */
export function byCode(failed: Figures['failed']): OverviewView['failedByCode'] {
  const counts = new Map<string, number>();
  for (const { code, count } of failed) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts]
    .map(([code, messages]) => ({ code, messages }))
    .sort((one, other) => other.messages - one.messages || one.code.localeCompare(other.code))
    .slice(0, 100);
}
