import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Input, Segmented } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../api/client';
import { pageOf } from '../../api/lists';
import { pollMs } from '../../api/live';
import { useMay } from '../../api/me';
import { meQuery } from '../../api/session';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { SavedViews } from '../../parts/saved-views/saved-views';
import { Loaded, Screen } from '../../parts/screen';
import { useKind } from '../../parts/terms/terms';
import { useText } from '../../text/use-text';
import { ChangePanel } from './change-panel';
import { isOpen, nextFor, stepsFor, type Change, type Step, type Viewer } from './steps';
import { changeTexts } from './text';
import './changes.css';

const AskReason = lazy(() => import('../../parts/ask-reason'));
const route = getRouteApi('/changes');

const STEPS = {
  approve: { path: '/v1/changes/{id}/approve', effect: 'approveEffect' },
  reject: { path: '/v1/changes/{id}/reject', effect: 'rejectEffect' },
  withdraw: { path: '/v1/changes/{id}/reject', effect: 'withdrawEffect' },
  confirm: { path: '/v1/changes/{id}/confirm', effect: 'confirmEffect' },
  decline: { path: '/v1/changes/{id}/decline', effect: 'declineEffect' },
} as const satisfies Record<Step, { path: string; effect: keyof typeof changeTexts }>;

/** Changes that are shown at once. */
const SHOWN = 100;

const changesQuery = {
  queryKey: ['changes'],
  queryFn: () =>
    allRows<Change>((cursor) => answer(api.GET('/v1/changes', { params: { query: pageOf(cursor) } }))),
  refetchInterval: () => pollMs(15_000),
};

function matchesText({ id, change, reason, proposer }: Change, text: string): boolean {
  return `${id} ${reason} ${proposer?.name ?? ''} ${JSON.stringify(change)}`
    .toLowerCase()
    .includes(text.toLowerCase());
}

interface Asked {
  change: Change;
  step: Step;
}

/** The changes, those that wait for this person first. */
function Inbox({ changes, viewer, ask }: { changes: Change[]; viewer: Viewer; ask: (asked: Asked) => void }) {
  const say = useText(changeTexts);
  if (changes.length === 0) return <EmptyState title={say('none')} teach={say('noneTeach')} />;
  const waits = changes.filter((change) => nextFor(change, viewer).who === 'you');
  const others = changes.filter((change) => !waits.includes(change));
  const panels = (group: Change[]) =>
    group
      .slice(0, SHOWN)
      .map((change) => (
        <ChangePanel
          key={change.id}
          change={change}
          steps={stepsFor(change, viewer)}
          next={nextFor(change, viewer)}
          ask={(step) => ask({ change, step })}
        />
      ));
  return (
    <>
      {waits.length > 0 && <h2 className="inbox-title">{say('waitsForYou', { count: waits.length })}</h2>}
      {panels(waits)}
      {waits.length > 0 && others.length > 0 && <h2 className="inbox-title">{say('others')}</h2>}
      {panels(others)}
      {others.length > SHOWN && <p className="quiet">{say('more', { count: SHOWN })}</p>}
    </>
  );
}

export default function Changes() {
  const say = useText(changeTexts);
  const kindOf = useKind();
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  const queries = useQueryClient();
  const { view, filter } = route.useSearch();
  const navigate = route.useNavigate();
  const [asked, setAsked] = useState<Asked>();
  const query = useQuery(changesQuery);
  const all = view === 'all' || filter !== undefined;
  const viewer = { may, person: me?.person.id, network: me?.network ?? null };
  const run = async (reason: string) => {
    if (!asked) return;
    const params = { path: { id: asked.change.id } };
    await answer(api.POST(STEPS[asked.step].path, { params, body: { reason } }));
    await queries.invalidateQueries();
  };
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <Input.Search
            className="table-filter"
            allowClear
            placeholder={say('filter')}
            aria-label={say('filter')}
            value={filter ?? ''}
            onChange={({ target }) =>
              inBackground(
                navigate({
                  search: { ...(view && { view }), ...(target.value && { filter: target.value }) },
                  replace: true,
                }),
              )
            }
          />
          <Segmented<'open' | 'all'>
            aria-label={say('title')}
            value={all ? 'all' : 'open'}
            options={(['open', 'all'] as const).map((value) => ({ value, label: say(value) }))}
            onChange={(next) => inBackground(navigate({ search: { view: next } }))}
          />
          <SavedViews />
        </>
      }
    >
      <Loaded query={query}>
        {({ rows }) => (
          <Inbox
            changes={rows.filter(
              (change) => (all || isOpen(change)) && (!filter || matchesText(change, filter)),
            )}
            viewer={viewer}
            ask={setAsked}
          />
        )}
      </Loaded>
      <Suspense fallback={null}>
        {asked && (
          <AskReason
            open
            title={`${say(asked.step)}: ${kindOf(asked.change.change.kind)}`}
            effect={say(STEPS[asked.step].effect)}
            action={say(asked.step)}
            dangerous={asked.step !== 'approve' && asked.step !== 'confirm'}
            run={run}
            close={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </Screen>
  );
}
