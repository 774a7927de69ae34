import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { pollMs } from '../../api/live';
import { RANGES, readOverview, type Range } from '../../api/overview';
import { Loaded, Screen } from '../../parts/screen';
import { inBackground } from '../../parts/in-background';
import { useText } from '../../text/use-text';
import { Figures } from './figures';
import { Problems } from './problems';
import { Series } from './series';
import { overviewTexts } from './text';
import './overview.css';

const route = getRouteApi('/');

/** ms between two readings; the console makes new figures every five seconds. */
const EVERY: Record<Range, number> = { live: 5000, hour: 15_000, day: 60_000, week: 60_000 };

function rangeOf(text: string | undefined): Range {
  return RANGES.find((range) => range === text) ?? 'live';
}

export default function OverviewScreen() {
  const say = useText(overviewTexts);
  const range = rangeOf(route.useSearch().range);
  const navigate = route.useNavigate();
  const [paused, setPaused] = useState(false);
  const query = useQuery({
    queryKey: ['overview', range],
    queryFn: () => readOverview(range),
    // Events do not reach a query that is disabled.
    enabled: ({ state }) => !paused || state.data === undefined,
    // The chart moves on also if nothing happens.
    refetchInterval: () => (range === 'live' ? EVERY.live : pollMs(EVERY[range])),
  });
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <Segmented<Range>
            aria-label={say('range')}
            value={range}
            options={RANGES.map((value) => ({ value, label: say(value) }))}
            onChange={(next) => inBackground(navigate({ search: { range: next } }))}
          />
          <Button onClick={() => setPaused(!paused)}>{say(paused ? 'resume' : 'pause')}</Button>
        </>
      }
    >
      <Loaded query={query}>
        {(overview) => (
          <>
            <Problems problems={overview.problems} />
            <Figures overview={overview} />
            <Series overview={overview} />
          </>
        )}
      </Loaded>
    </Screen>
  );
}
