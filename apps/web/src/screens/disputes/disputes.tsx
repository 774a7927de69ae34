import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Tag } from 'antd';
import { allRows, answer, api } from '../../api/client';
import { pageOf } from '../../api/lists';
import { useMay } from '../../api/me';
import { amountColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { Moment, useNow } from '../../parts/moment';
import { QueryTable } from '../../parts/query-table';
import { Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { DisputePage } from './dispute-page';
import { awaited, urgency, type Dispute } from './lifecycle';
import { OpenDispute } from './open-dispute';
import { disputeTexts, kindTexts, stateTexts } from './text';

const route = getRouteApi('/disputes');

interface Words {
  say: Say<typeof disputeTexts>;
  kind: Say<typeof kindTexts>;
  state: Say<typeof stateTexts>;
}

function columnsOf({ say, kind, state }: Words, now: Date): Column<Dispute>[] {
  const turn = (dispute: Dispute) => say(awaited(dispute) ?? 'nobody');
  return [
    {
      key: 'reference',
      title: say('reference'),
      value: ({ reference }) => reference,
      show: ({ id, reference }) => (
        <Link to="/disputes" search={{ dispute: id }}>
          <code className="hostile">{reference}</code>
        </Link>
      ),
    },
    { key: 'kind', title: say('kind'), value: (row) => kind(row.kind), choose: true },
    { key: 'claimant', title: say('claimant'), value: ({ claimant }) => claimant, choose: true },
    { key: 'respondent', title: say('respondent'), value: ({ respondent }) => respondent, choose: true },
    amountColumn('amount', say('amount')),
    { key: 'state', title: say('state'), value: (row) => state(row.state), choose: true },
    { key: 'awaits', title: say('awaits'), value: turn, choose: true },
    {
      key: 'deadline',
      title: say('deadline'),
      value: ({ deadline }) => deadline,
      show: (row) =>
        row.deadline === null ? (
          '–'
        ) : (
          <Tag color={urgency(row, now) === 'red' ? 'error' : 'default'}>
            <Moment at={row.deadline} />
          </Tag>
        ),
    },
  ];
}

export default function Disputes() {
  const say = useText(disputeTexts);
  const kind = useText(kindTexts);
  const state = useText(stateTexts);
  const now = useNow(60_000);
  const { dispute } = route.useSearch();
  const mayOpen = useMay()('disputes:write');
  const query = useQuery({
    queryKey: ['disputes'],
    enabled: dispute === undefined,
    queryFn: () =>
      allRows<Dispute>((cursor) => answer(api.GET('/v1/disputes', { params: { query: pageOf(cursor) } }))),
  });
  if (dispute) return <DisputePage id={dispute} />;
  return (
    <Screen title={say('title')} lead={say('lead')} actions={mayOpen && <OpenDispute />}>
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf({ say, kind, state }, now)}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
    </Screen>
  );
}
