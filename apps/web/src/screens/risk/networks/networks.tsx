import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { momentColumn, networkColumn, tagColumn } from '../../../parts/columns';
import type { Column } from '../../../parts/data-table';
import { EmptyState } from '../../../parts/empty-state';
import { QueryTable } from '../../../parts/query-table';
import { Loading } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { LEVEL_COLOURS } from './levels';
import { networkRiskTexts } from './text';

type Row = Schemas['RiskRow'];
const NetworkRisk = lazy(() => import('./network-risk'));
const route = getRouteApi('/risk');

function columnsOf(say: Say<typeof networkRiskTexts>): Column<Row>[] {
  return [
    networkColumn(say('network'), '/risk', { tab: 'networks' }),
    tagColumn({
      key: 'risk',
      title: say('level'),
      value: ({ risk }) => say(risk),
      colour: ({ risk }) => LEVEL_COLOURS[risk],
    }),
    momentColumn('since', say('since'), 'relative'),
    { key: 'people', title: say('people'), value: ({ people }) => people, align: 'right' },
    { key: 'sentOn', title: say('sentOn'), value: ({ sentOn }) => sentOn, align: 'right', wide: true },
    {
      key: 'perThousand',
      title: say('perThousand'),
      value: ({ perThousand }) => perThousand,
      align: 'right',
    },
    {
      key: 'limitedTowards',
      title: say('limitedTowards'),
      value: ({ limitedTowards }) => limitedTowards.join(' '),
    },
  ];
}

export default function NetworksAtRisk() {
  const say = useText(networkRiskTexts);
  const { network } = route.useSearch();
  const query = useQuery({
    queryKey: ['risk'],
    queryFn: () =>
      allRows<Row>((cursor) => answer(api.GET('/v1/risk', { params: { query: pageOf(cursor) } }))),
  });
  return (
    <>
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say)}
        rowKey={(row) => row.network}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
      {network !== undefined && (
        <Suspense fallback={<Loading />}>
          <NetworkRisk network={network} />
        </Suspense>
      )}
    </>
  );
}
