import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { allRows, answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { pageOf } from '../../api/lists';
import { useMay } from '../../api/me';
import { amountColumn, momentColumn, textColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { QueryTable } from '../../parts/query-table';
import { Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { adjustmentTexts } from './text';

type Adjustment = Schemas['Adjustment'];

function columnsOf(say: Say<typeof adjustmentTexts>, mayDisputes: boolean): Column<Adjustment>[] {
  return [
    { key: 'from', title: say('from'), value: ({ from }) => from, choose: true },
    { key: 'to', title: say('to'), value: ({ to }) => to, choose: true },
    amountColumn('amount', say('amount')),
    textColumn('text', say('text')),
    {
      key: 'cause',
      title: say('cause'),
      value: ({ dispute }) => say(dispute === null ? 'difference' : 'dispute'),
      choose: true,
      show: ({ dispute }) =>
        dispute !== null && mayDisputes ? (
          <Link to="/disputes" search={{ dispute }}>
            {say('dispute')}
          </Link>
        ) : (
          say(dispute === null ? 'difference' : 'dispute')
        ),
    },
    momentColumn('createdAt', say('createdAt')),
    {
      key: 'day',
      title: say('day'),
      value: ({ businessDate }) => businessDate ?? say('notYet'),
      show: ({ businessDate }) =>
        businessDate === null ? (
          say('notYet')
        ) : (
          <Link to="/days" search={{ date: businessDate }}>
            {businessDate}
          </Link>
        ),
    },
  ];
}

export default function Adjustments() {
  const say = useText(adjustmentTexts);
  const mayDisputes = useMay()('disputes:read');
  const query = useQuery({
    queryKey: ['adjustments'],
    queryFn: () =>
      allRows<Adjustment>((cursor) =>
        answer(api.GET('/v1/adjustments', { params: { query: pageOf(cursor) } })),
      ),
  });
  return (
    <Screen title={say('title')} lead={say('lead')}>
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say, mayDisputes)}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
    </Screen>
  );
}
