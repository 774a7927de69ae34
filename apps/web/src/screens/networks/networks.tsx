import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { networksQuery, type Network } from '../../api/lists';
import { useMay } from '../../api/me';
import { networkColumn, tagColumn, textColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { Moment } from '../../parts/moment';
import { QueryTable } from '../../parts/query-table';
import { Loading, Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { ADMISSION_STEPS, admissionOf, healthOf } from './admission';
import { networkTexts } from './text';
import { HEALTH_COLOURS, RISK_COLOURS, STATUS_COLOURS, STEP_TEXTS } from './words';

const NetworkPage = lazy(() => import('./network-page'));
const RegisterDialog = lazy(() => import('./register-dialog'));
const route = getRouteApi('/networks');

function nextStep(network: Network, say: Say<typeof networkTexts>): string {
  const admission = admissionOf(network);
  const step = admission && ADMISSION_STEPS[admission.next];
  if (!step || !admission.actor) return '';
  return `${say(STEP_TEXTS[step])} · ${say(admission.actor === 'admin' ? 'byAdmin' : 'byOperator')}`;
}

function columnsOf(say: Say<typeof networkTexts>): Column<Network>[] {
  return [
    networkColumn(say('network'), '/networks'),
    textColumn('name', say('name')),
    { key: 'operator', title: say('operator'), value: ({ operator }) => operator, wide: true, choose: true },
    tagColumn({
      key: 'status',
      title: say('status'),
      value: ({ status }) => say(status),
      colour: ({ status }) => STATUS_COLOURS[status],
    }),
    tagColumn({
      key: 'health',
      title: say('health'),
      value: (network) => say(healthOf(network)),
      colour: (network) => HEALTH_COLOURS[healthOf(network)],
    }),
    { key: 'next', title: say('next'), value: (network) => nextStep(network, say), choose: true },
    tagColumn({
      key: 'risk',
      title: say('risk'),
      value: ({ risk }) => say(risk),
      colour: ({ risk }) => RISK_COLOURS[risk],
      wide: true,
    }),
    {
      key: 'heard',
      title: say('heard'),
      value: ({ adapter }) => adapter.lastHeard,
      show: ({ adapter }) => <Moment at={adapter.lastHeard} only="relative" />,
      wide: true,
    },
  ];
}

function Register() {
  const say = useText(networkTexts);
  const navigate = route.useNavigate();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => setAsked(true)}>
        {say('register')}
      </Button>
      <Suspense fallback={null}>
        {asked && (
          <RegisterDialog
            registered={(network) => inBackground(navigate({ search: { network } }))}
            close={() => setAsked(false)}
          />
        )}
      </Suspense>
    </>
  );
}

export default function Networks() {
  const say = useText(networkTexts);
  const may = useMay();
  const { network } = route.useSearch();
  const query = useQuery(networksQuery);
  if (network)
    return (
      <Suspense fallback={<Loading />}>
        <NetworkPage slug={network} />
      </Suspense>
    );
  return (
    <Screen title={say('title')} lead={say('lead')} actions={may('networks:write') && <Register />}>
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
