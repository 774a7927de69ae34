import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Segmented } from 'antd';
import type { ReactNode } from 'react';
import { answer, api } from '../../api/client';
import { agreementsQuery, routesQuery, tariffsQuery } from '../../api/lists';
import { EmptyState } from '../../parts/empty-state';
import { QueryTable } from '../../parts/query-table';
import { Screen } from '../../parts/screen';
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

function AgreementTable() {
  const say = useText(agreementTexts);
  return (
    <QueryTable
      name={say('agreements')}
      columns={agreementColumns(say)}
      query={useQuery(agreementsQuery)}
      rowKey={({ id }) => id}
      empty={<EmptyState title={say('noAgreements')} teach={say('noAgreementsTeach')} />}
    />
  );
}

function TariffTable() {
  const say = useText(agreementTexts);
  return (
    <QueryTable
      name={say('tariffs')}
      columns={tariffColumns(say)}
      query={useQuery(tariffsQuery)}
      rowKey={({ id }) => id}
      empty={<EmptyState title={say('noTariffs')} teach={say('noTariffsTeach')} />}
    />
  );
}

function RouteTable() {
  const say = useText(agreementTexts);
  return (
    <QueryTable
      name={say('routes')}
      columns={routeColumns(say)}
      query={useQuery(routesQuery)}
      rowKey={({ kind, key }) => `${kind} ${key}`}
      empty={<EmptyState title={say('noRoutes')} teach={say('noRoutesTeach')} />}
    />
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
