import { duration } from '../../format/time';
import type { Overview } from '../../api/overview';
import { useFormats, useText } from '../../text/use-text';
import { overviewTexts } from './text';

export function Figures({ overview }: { overview: Overview }) {
  const say = useText(overviewTexts);
  const { formatNumber } = useFormats();
  const time = (ms: number | null) => (ms === null ? '–' : duration(ms));
  const day = overview.businessDay;
  const figures: [label: string, value: string, bad?: boolean][] = [
    [say('perSecond'), formatNumber(overview.perSecond, { maximumFractionDigits: 1 })],
    [say('inFlight'), formatNumber(overview.inFlight)],
    [say('waiting'), formatNumber(overview.waiting)],
    [say('failed'), formatNumber(overview.failed), overview.failed > 0],
    [
      say('unavailable'),
      say('ofNetworks', { unavailable: overview.unavailable, all: overview.networks }),
      overview.unavailable > 0,
    ],
    [
      say('deadLetters'),
      overview.deadLetters === null ? '–' : formatNumber(overview.deadLetters),
      (overview.deadLetters ?? 0) > 0,
    ],
    [say('p50'), time(overview.p50Ms)],
    [say('p99'), time(overview.p99Ms)],
    [say('businessDay'), day ? `${day.date.slice(5)} ${say(day.state)}` : '–'],
  ];
  return (
    <dl className="figures">
      {figures.map(([label, value, bad]) => (
        <div key={label} className="panel figure">
          <dt className="quiet">{label}</dt>
          <dd className={bad ? 'figure-bad' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
