import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../api/client';
import { pageOf } from '../../api/lists';
import { pollMs } from '../../api/live';
import { useMay } from '../../api/me';
import { meQuery } from '../../api/session';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { Loaded, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { ChangePanel } from './change-panel';
import { isOpen, stepsFor, type Change, type Step } from './steps';
import { changeTexts } from './text';

const AskReason = lazy(() => import('../../parts/ask-reason'));
const route = getRouteApi('/changes');

const PATHS = {
  approve: '/v1/changes/{id}/approve',
  reject: '/v1/changes/{id}/reject',
  confirm: '/v1/changes/{id}/confirm',
  decline: '/v1/changes/{id}/decline',
} as const satisfies Record<Step, string>;

const EFFECTS = {
  approve: 'approveEffect',
  reject: 'rejectEffect',
  confirm: 'confirmEffect',
  decline: 'declineEffect',
} as const satisfies Record<Step, keyof typeof changeTexts>;

function matchesText({ id, change, reason, proposedBy }: Change, text: string): boolean {
  return `${id} ${reason} ${proposedBy} ${JSON.stringify(change)}`.toLowerCase().includes(text.toLowerCase());
}

export default function Changes() {
  const say = useText(changeTexts);
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  const queries = useQueryClient();
  const { view, filter } = route.useSearch();
  const navigate = route.useNavigate();
  const [asked, setAsked] = useState<{ change: Change; step: Step }>();
  const query = useQuery({
    queryKey: ['changes'],
    queryFn: () =>
      allRows<Change>((cursor) => answer(api.GET('/v1/changes', { params: { query: pageOf(cursor) } }))),
    refetchInterval: () => pollMs(15_000),
  });
  const all = view === 'all' || filter !== undefined;
  const run = async (reason: string) => {
    if (!asked) return;
    const params = { path: { id: asked.change.id } };
    await answer(api.POST(PATHS[asked.step], { params, body: { reason } }));
    await queries.invalidateQueries();
  };
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <Segmented<'open' | 'all'>
          aria-label={say('title')}
          value={all ? 'all' : 'open'}
          options={(['open', 'all'] as const).map((value) => ({ value, label: say(value) }))}
          onChange={(next) => inBackground(navigate({ search: { view: next } }))}
        />
      }
    >
      <Loaded query={query}>
        {({ rows }) => {
          const shown = rows.filter(
            (change) => (all || isOpen(change)) && (!filter || matchesText(change, filter)),
          );
          if (shown.length === 0) return <EmptyState title={say('none')} teach={say('noneTeach')} />;
          return shown.map((change) => (
            <ChangePanel
              key={change.id}
              change={change}
              steps={stepsFor(change, { may, network: me?.network ?? null })}
              ask={(step) => setAsked({ change, step })}
            />
          ));
        }}
      </Loaded>
      <Suspense fallback={null}>
        {asked && (
          <AskReason
            open
            title={`${say(asked.step)}: ${asked.change.change.kind}`}
            effect={say(EFFECTS[asked.step])}
            action={say(asked.step)}
            dangerous={asked.step === 'reject' || asked.step === 'decline'}
            run={run}
            close={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </Screen>
  );
}
