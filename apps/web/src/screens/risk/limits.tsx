import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Flex } from 'antd';
import { answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { Moment } from '../../parts/moment';
import { QueryTable } from '../../parts/query-table';
import { useText, type Say } from '../../text/use-text';
import { riskTexts } from './text';

type Pair = Schemas['LimitsHit']['pairs'][number];

function columnsOf(say: Say<typeof riskTexts>): Column<Pair>[] {
  return [
    { key: 'from', title: say('from'), value: ({ from }) => from, choose: true },
    { key: 'to', title: say('to'), value: ({ to }) => to, choose: true },
    { key: 'messages', title: say('messages'), value: ({ messages }) => messages, align: 'right' },
    {
      key: 'lastAt',
      title: say('lastAt'),
      value: ({ lastAt }) => lastAt,
      show: ({ lastAt }) => <Moment at={lastAt} />,
    },
  ];
}

export default function Limits() {
  const say = useText(riskTexts);
  const query = useQuery({
    queryKey: ['limits-hit'],
    queryFn: async () => ({ rows: (await answer(api.GET('/v1/risk/limits'))).pairs, more: false }),
    refetchInterval: 60_000,
  });
  return (
    <>
      <Flex gap="small" wrap>
        <span className="quiet">{say('limitsLead')}</span>
        <Link to="/agreements">{say('toAgreements')}</Link>
      </Flex>
      <QueryTable
        name={say('limits')}
        query={query}
        columns={columnsOf(say)}
        rowKey={({ from, to }) => `${from} ${to}`}
        empty={<EmptyState title={say('noLimits')} teach={say('noLimitsTeach')} />}
      />
    </>
  );
}
