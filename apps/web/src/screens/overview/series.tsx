import { useMemo } from 'react';
import type { Overview } from '../../api/overview';
import { Chart } from '../../parts/chart/chart';
import { ResultCode, useCodeRemedy } from '../../parts/codes/result-code';
import { EmptyState } from '../../parts/empty-state';
import { Panel } from '../../parts/screen';
import { useFormats, useText } from '../../text/use-text';
import { overviewTexts } from './text';

function Failures({ overview }: { overview: Overview }) {
  const say = useText(overviewTexts);
  const { formatNumber } = useFormats();
  const remedyOf = useCodeRemedy();
  const most = Math.max(1, ...overview.failedByCode.map(({ messages }) => messages));
  if (overview.failedByCode.length === 0) return <p className="quiet">{say('noFailures')}</p>;
  return (
    <ul className="failures">
      {overview.failedByCode.map(({ code, messages }) => (
        <li key={code}>
          <span>
            <ResultCode code={code} />
            <span className="quiet remedy">{remedyOf(code)}</span>
          </span>
          <meter min={0} max={most} value={messages} aria-label={code} />
          <strong>{formatNumber(messages)}</strong>
        </li>
      ))}
    </ul>
  );
}

export function Series({ overview }: { overview: Overview }) {
  const say = useText(overviewTexts);
  const { series } = overview;
  const times = useMemo(() => series.map(({ at }) => at), [series]);
  const traffic = useMemo(
    () => [
      { label: say('messages'), colour: 'primary' as const, values: series.map((point) => point.messages) },
      { label: say('failed'), colour: 'error' as const, values: series.map((point) => point.failed) },
    ],
    [series, say],
  );
  if (series.length === 0) return <EmptyState title={say('noTraffic')} teach={say('noTrafficTeach')} />;
  return (
    <div className="charts">
      <Panel title={say('traffic')}>
        <Chart title={say('traffic')} times={times} lines={traffic} unit="" />
      </Panel>
      <Panel title={say('byCode')}>
        <Failures overview={overview} />
      </Panel>
    </div>
  );
}
