import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { networksQuery, type Network } from '../../api/lists';
import { networkColumn, tagColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { QueryTable } from '../../parts/query-table';
import { Loading, Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { certificationTexts } from './text';
import { STATE_COLOURS } from './words';
import './certification.css';

const Runs = lazy(() => import('./runs'));
const ReportPage = lazy(() => import('./report-page'));
const ComparePage = lazy(() => import('./compare-page'));
const route = getRouteApi('/certification');

function columnsOf(say: Say<typeof certificationTexts>): Column<Network>[] {
  return [
    networkColumn(say('network'), '/certification'),
    tagColumn({
      key: 'state',
      title: say('state'),
      value: ({ adapter }) => say(adapter.state),
      colour: ({ adapter }) => STATE_COLOURS[adapter.state],
    }),
    {
      key: 'build',
      title: say('build'),
      value: ({ adapter }) => adapter.build,
      show: ({ adapter }) => <span className="hostile">{adapter.build}</span>,
      wide: true,
    },
    { key: 'operator', title: say('operator'), value: ({ operator }) => operator, choose: true, wide: true },
  ];
}

function NetworkList() {
  const say = useText(certificationTexts);
  const query = useQuery(networksQuery);
  return (
    <Screen title={say('title')} lead={say('lead')}>
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say)}
        rowKey={(row) => row.network}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
    </Screen>
  );
}

/** A network, a report of it, and another one to compare with: each stands in the address. */
export default function Certification() {
  const { network, run, with: other } = route.useSearch();
  if (!network) return <NetworkList />;
  return (
    <Suspense fallback={<Loading />}>
      {!run ? (
        <Runs network={network} />
      ) : other ? (
        <ComparePage network={network} newer={run} older={other} />
      ) : (
        <ReportPage network={network} run={run} />
      )}
    </Suspense>
  );
}
