import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { lazy, Suspense, useState, type Key } from 'react';
import { allRows, answer, api } from '../../api/client';
import { useMay } from '../../api/me';
import { ResultCode } from '../../parts/codes/result-code';
import { textColumn } from '../../parts/columns';
import { DataTable, type Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { Moment } from '../../parts/moment';
import { Loaded, Screen } from '../../parts/screen';
import { inBackground } from '../../parts/in-background';
import { useText, type Say } from '../../text/use-text';
import type { Bulk } from './bulk-dialog';
import { GroupList } from './group-list';
import { groupsOf, type Letter } from './groups';
import { letterTexts } from './text';

const BulkDialog = lazy(() => import('./bulk-dialog'));
const route = getRouteApi('/dead-letters');
const VIEWS = ['groups', 'letters'] as const;
type View = (typeof VIEWS)[number];

function columnsOf(say: Say<typeof letterTexts>): Column<Letter>[] {
  return [
    { key: 'id', title: say('id'), value: ({ id }) => id },
    {
      key: 'reason',
      title: say('reason'),
      value: ({ reason }) => reason,
      choose: true,
      show: ({ reason }) => <ResultCode code={reason} />,
    },
    textColumn('detail', say('detail')),
    { key: 'network', title: say('network'), value: ({ network }) => network, choose: true },
    {
      key: 'event',
      title: say('event'),
      value: ({ eventId }) => eventId,
      wide: true,
      show: ({ eventId }) =>
        eventId && (
          <Link to="/find" search={{ q: eventId }} className="code">
            {eventId}
          </Link>
        ),
    },
    { key: 'attempts', title: say('attempts'), value: ({ attempts }) => attempts, wide: true },
    {
      key: 'at',
      title: say('at'),
      value: ({ at }) => at,
      show: ({ at }) => <Moment at={at} only="relative" />,
    },
  ];
}

const lettersQuery = {
  queryKey: ['dead-letters'],
  queryFn: () =>
    allRows<Letter>((cursor) =>
      answer(api.GET('/v1/dead-letters', { params: { query: { limit: 200, after: Number(cursor ?? 0) } } })),
    ),
};

function Letters({ rows, more, ask }: { rows: Letter[]; more: boolean; ask: (bulk: Bulk) => void }) {
  const say = useText(letterTexts);
  const mayChange = useMay()('dead-letters:write');
  const { filter, view } = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<Key[]>([]);
  const ids = selected.map(String);
  const bulk = (action: Bulk['action']) => () => ask({ action, ids });
  return (
    <DataTable
      name={say('title')}
      columns={columnsOf(say)}
      rows={rows}
      more={more}
      rowKey={({ id }) => String(id)}
      empty={null}
      filter={filter}
      onFilter={(next) =>
        inBackground(
          navigate({ search: { ...(view && { view }), ...(next && { filter: next }) }, replace: true }),
        )
      }
      {...(mayChange && { selected, onSelect: setSelected })}
      toolbar={
        ids.length > 0 && (
          <>
            <span>{say('selected', { count: ids.length })}</span>
            <Button onClick={bulk('replay')}>{say('replay')}</Button>
            <Button danger onClick={bulk('discard')}>
              {say('discard')}
            </Button>
          </>
        )
      }
    />
  );
}

export default function DeadLetters() {
  const say = useText(letterTexts);
  const may = useMay();
  const { view: wanted, filter } = route.useSearch();
  const navigate = route.useNavigate();
  const [bulk, setBulk] = useState<Bulk>();
  const query = useQuery(lettersQuery);
  const view: View = wanted === 'letters' || (!wanted && filter) ? 'letters' : 'groups';
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <Segmented<View>
          aria-label={say('title')}
          value={view}
          options={VIEWS.map((value) => ({ value, label: say(value) }))}
          onChange={(next) => inBackground(navigate({ search: { view: next } }))}
        />
      }
    >
      <Loaded query={query}>
        {({ rows, more }) => {
          if (rows.length === 0) return <EmptyState title={say('none')} teach={say('noneTeach')} />;
          if (view === 'letters') return <Letters rows={rows} more={more} ask={setBulk} />;
          return <GroupList groups={groupsOf(rows)} mayChange={may('dead-letters:write')} ask={setBulk} />;
        }}
      </Loaded>
      <Suspense fallback={null}>
        {bulk && <BulkDialog bulk={bulk} close={() => setBulk(undefined)} />}
      </Suspense>
    </Screen>
  );
}
