import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Segmented } from 'antd';
import type { ReactNode } from 'react';
import { answer, api } from '../../api/client';
import { agreementsQuery, routesQuery, tariffsQuery } from '../../api/lists';
import { DataTable } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { Loaded, Screen } from '../../parts/screen';
import { inBackground } from '../../parts/in-background';
import { useText } from '../../text/use-text';
import { agreementColumns, routeColumns, tariffColumns } from './columns';
import { agreementTexts } from './text';

const route = getRouteApi('/agreements');
const TABS = ['agreements', 'tariffs', 'routes'] as const;
type Tab = (typeof TABS)[number];

function Phase() {
  const say = useText(agreementTexts);
  const { data } = useQuery({ queryKey: ['phase'], queryFn: () => answer(api.GET('/v1/phase')) });
  if (!data) return null;
  return (
    <p className="quiet">{data.phase === 'mesh' ? say('mesh') : say('anchor', { network: data.anchor })}</p>
  );
}

function useFilter() {
  const { filter, tab } = route.useSearch();
  const navigate = route.useNavigate();
  return {
    filter,
    onFilter: (next: string | undefined) =>
      inBackground(
        navigate({ search: { ...(tab && { tab }), ...(next && { filter: next }) }, replace: true }),
      ),
  };
}

function AgreementTable() {
  const say = useText(agreementTexts);
  const filter = useFilter();
  return (
    <Loaded query={useQuery(agreementsQuery)}>
      {(data) => (
        <DataTable
          name={say('agreements')}
          columns={agreementColumns(say)}
          {...data}
          rowKey={({ id }) => id}
          empty={<EmptyState title={say('noAgreements')} teach={say('noAgreementsTeach')} />}
          {...filter}
        />
      )}
    </Loaded>
  );
}

function TariffTable() {
  const say = useText(agreementTexts);
  const filter = useFilter();
  return (
    <Loaded query={useQuery(tariffsQuery)}>
      {(data) => (
        <DataTable
          name={say('tariffs')}
          columns={tariffColumns(say)}
          {...data}
          rowKey={({ id }) => id}
          empty={<EmptyState title={say('noTariffs')} teach={say('noTariffsTeach')} />}
          {...filter}
        />
      )}
    </Loaded>
  );
}

function RouteTable() {
  const say = useText(agreementTexts);
  const filter = useFilter();
  return (
    <Loaded query={useQuery(routesQuery)}>
      {(data) => (
        <DataTable
          name={say('routes')}
          columns={routeColumns(say)}
          {...data}
          rowKey={({ kind, key }) => `${kind} ${key}`}
          empty={<EmptyState title={say('noRoutes')} teach={say('noRoutesTeach')} />}
          {...filter}
        />
      )}
    </Loaded>
  );
}

const TABLES: Record<Tab, () => ReactNode> = {
  agreements: AgreementTable,
  tariffs: TariffTable,
  routes: RouteTable,
};

export default function Agreements() {
  const say = useText(agreementTexts);
  const { tab: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const tab = TABS.find((one) => one === wanted) ?? 'agreements';
  const Content = TABLES[tab];
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <Segmented<Tab>
          aria-label={say('title')}
          value={tab}
          options={TABS.map((value) => ({ value, label: say(value) }))}
          onChange={(next) => inBackground(navigate({ search: { tab: next } }))}
        />
      }
    >
      <Phase />
      <Content />
    </Screen>
  );
}
