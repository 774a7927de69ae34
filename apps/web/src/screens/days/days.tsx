import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { allRows, answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { pageOf } from '../../api/lists';
import { meQuery } from '../../api/session';
import { yuan } from '../../format/money';
import { momentColumn, tagColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { QueryTable } from '../../parts/query-table';
import { Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { DayPage } from './day-page';
import { StatementPage } from './statement/statement-page';
import { dayTexts } from './text';

type Day = Schemas['BusinessDay'];
const route = getRouteApi('/days');

/** @param party the member or integrator for which the person acts, and whose figures they see */
function columnsOf(say: Say<typeof dayTexts>, party: string | undefined): Column<Day>[] {
  const money = (key: 'netSum' | 'position'): Column<Day> => ({
    key,
    title: say(key),
    value: (day) => day[key],
    show: ({ [key]: amount }) => (amount === null ? '–' : yuan(amount)),
    align: 'right',
  });
  return [
    {
      key: 'date',
      title: say('date'),
      value: ({ date }) => date,
      show: ({ date }) => (
        <Link to="/days" search={{ date }}>
          {date}
        </Link>
      ),
    },
    tagColumn({
      key: 'state',
      title: say('state'),
      value: ({ state }) => say(state),
      colour: ({ state }) => (state === 'open' ? 'processing' : 'default'),
    }),
    momentColumn('closedAt', say('closedAt')),
    { key: 'dueOn', title: say('dueOn'), value: ({ dueOn }) => dueOn ?? '–', wide: true },
    { key: 'records', title: say('records'), value: ({ records }) => records, align: 'right' },
    money(party === undefined ? 'netSum' : 'position'),
    ...(party === undefined ? [] : [statementColumn(say, party)]),
  ];
}

function statementColumn(say: Say<typeof dayTexts>, party: string): Column<Day> {
  return {
    key: 'statement',
    title: say('statement'),
    value: () => '',
    buttons: true,
    show: ({ date, state }) =>
      state === 'closed' && (
        <Link to="/days" search={{ date, party }} aria-label={say('readOf', { date })}>
          {say('readShort')}
        </Link>
      ),
  };
}

export default function Days() {
  const say = useText(dayTexts);
  const { date, party } = route.useSearch();
  const { data: me } = useQuery(meQuery);
  const query = useQuery({
    queryKey: ['business-days'],
    queryFn: () =>
      allRows<Day>((cursor) => answer(api.GET('/v1/business-days', { params: { query: pageOf(cursor) } }))),
  });
  if (date && party) return <StatementPage date={date} party={party} />;
  if (date) return <DayPage date={date} />;
  return (
    <Screen title={say('title')} lead={say('lead')}>
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say, me?.network ?? undefined)}
        rowKey={({ date }) => date}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
    </Screen>
  );
}
