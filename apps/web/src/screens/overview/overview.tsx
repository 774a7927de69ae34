import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { pollMs } from '../../api/live';
import { readOverview } from '../../api/overview';
import { Loaded, Screen } from '../../parts/screen';
import { inBackground } from '../../parts/in-background';
import { EVERY_MS, RangeChoice, rangeOf } from '../../parts/range/range';
import { useText } from '../../text/use-text';
import { Figures } from './figures';
import { Problems } from './problems';
import { Series } from './series';
import { overviewTexts } from './text';
import './overview.css';

const route = getRouteApi('/');

export default function OverviewScreen() {
  const say = useText(overviewTexts);
  const range = rangeOf(route.useSearch().range, 'live');
  const navigate = route.useNavigate();
  const [paused, setPaused] = useState(false);
  const query = useQuery({
    queryKey: ['overview', range],
    queryFn: () => readOverview(range),
    // Events do not reach a query that is disabled.
    enabled: ({ state }) => !paused || state.data === undefined,
    // The chart moves on also if nothing happens.
    refetchInterval: () => (range === 'live' ? EVERY_MS.live : pollMs(EVERY_MS[range])),
  });
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <RangeChoice range={range} choose={(next) => inBackground(navigate({ search: { range: next } }))} />
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
