import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Segmented } from 'antd';
import { lazy, Suspense } from 'react';
import { pollMs } from '../../api/live';
import { topologyQuery, type Pair, type Topology } from '../../api/topology';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { EVERY_MS, RangeChoice, rangeOf } from '../../parts/range/range';
import { useText } from '../../text/use-text';
import { Graph } from './graph';
import { Grid } from './grid';
import { PairList } from './pair-list';
import { topologyTexts } from './text';
import './topology.css';

const PairPanel = lazy(() => import('./pair-panel'));
const route = getRouteApi('/topology');

/** More networks than this are shown as a grid. */
const MOST_IN_GRAPH = 50;
const VIEWS = ['graph', 'grid', 'list'] as const;
type View = (typeof VIEWS)[number];

interface ShownProps {
  view: View;
  topology: Topology;
  choose: (pair: Pair) => void;
}

function Shown({ view, topology, choose }: ShownProps) {
  const say = useText(topologyTexts);
  const tooMany = view === 'graph' && topology.nodes.length > MOST_IN_GRAPH;
  if (topology.nodes.length === 0) return <EmptyState title={say('none')} teach={say('noneTeach')} />;
  return (
    <>
      {tooMany && <Alert type="info" showIcon title={say('tooMany', { most: MOST_IN_GRAPH })} />}
      {topology.more && (
        <Alert type="info" showIcon title={say('morePairs', { count: topology.edges.length })} />
      )}
      <Panel>
        {view === 'graph' && !tooMany && <Graph topology={topology} choose={choose} />}
        {(view === 'grid' || tooMany) && <Grid topology={topology} choose={choose} />}
        {view === 'list' && <PairList topology={topology} choose={choose} />}
      </Panel>
    </>
  );
}

export default function TopologyScreen() {
  const say = useText(topologyTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = rangeOf(search.range, 'hour');
  const view = VIEWS.find((one) => one === search.view) ?? 'graph';
  const query = useQuery({ ...topologyQuery(range), refetchInterval: () => pollMs(EVERY_MS[range]) });
  const go = (next: typeof search) => inBackground(navigate({ search: { ...search, ...next } }));
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <RangeChoice range={range} choose={(next) => go({ range: next })} />
          <Segmented<View>
            aria-label={say('view')}
            value={view}
            options={VIEWS.map((value) => ({ value, label: say(value) }))}
            onChange={(next) => go({ view: next })}
          />
        </>
      }
    >
      <Loaded query={query}>
        {(topology) => <Shown view={view} topology={topology} choose={(pair) => go({ ...pair })} />}
      </Loaded>
      <Suspense fallback={null}>
        {search.from && search.to && (
          <PairPanel
            pair={{ from: search.from, to: search.to }}
            range={range}
            choose={(pair) => go({ ...pair })}
            close={() => {
              const { from: _from, to: _to, ...rest } = search;
              inBackground(navigate({ search: rest }));
            }}
          />
        )}
      </Suspense>
    </Screen>
  );
}
