import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Flex, Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import { readPhase } from '../../api/exchange';
import { agreementsQuery, routesQuery, tariffsQuery } from '../../api/lists';
import { useMay } from '../../api/me';
import { EmptyState } from '../../parts/empty-state';
import { QueryTable } from '../../parts/query-table';
import { Screen } from '../../parts/screen';
import { useClassWord } from '../../parts/terms/traffic';
import { inBackground } from '../../parts/in-background';
import { useText } from '../../text/use-text';
import { agreementColumns, routeColumns, tariffColumns } from './columns';
import { Dialogs, type Open, type Opened } from './dialogs';
import { agreementActions, routeActions, tariffActions } from './row-actions';
import { agreementTexts } from './text';
import './agreements.css';

const route = getRouteApi('/agreements');
const TABS = ['agreements', 'tariffs', 'routes'] as const;
type Tab = (typeof TABS)[number];

interface TableProps {
  open: Open;
  mayPropose: boolean;
}

function Phase({ open, mayPropose }: TableProps) {
  const say = useText(agreementTexts);
  const { data } = useQuery({ queryKey: ['phase'], queryFn: readPhase });
  if (!data) return null;
  const { phase } = data;
  return (
    <Flex gap="small" align="center" wrap>
      <span className="quiet">
        {phase.phase === 'mesh' ? say('mesh') : say('anchor', { network: phase.anchor })}
      </span>
      <Button
        size="small"
        aria-label={say('phaseHistory')}
        onClick={() => open({ dialog: 'history', one: { of: 'phase', title: say('phaseOf') } })}
      >
        {say('history')}
      </Button>
      {mayPropose && (
        <Button size="small" onClick={() => open({ dialog: 'phase' })}>
          {say('proposePhase')}
        </Button>
      )}
    </Flex>
  );
}

function AgreementTable({ open, mayPropose }: TableProps) {
  const say = useText(agreementTexts);
  const classWord = useClassWord();
  return (
    <QueryTable
      name={say('agreements')}
      columns={[...agreementColumns(say, classWord), agreementActions(say, open, mayPropose)]}
      query={useQuery(agreementsQuery)}
      rowKey={({ id }) => id}
      empty={<EmptyState title={say('noAgreements')} teach={say('noAgreementsTeach')} />}
    />
  );
}

function TariffTable({ open, mayPropose }: TableProps) {
  const say = useText(agreementTexts);
  const classWord = useClassWord();
  return (
    <QueryTable
      name={say('tariffs')}
      columns={[...tariffColumns(say, classWord), tariffActions(say, classWord, open, mayPropose)]}
      query={useQuery(tariffsQuery)}
      rowKey={({ id }) => id}
      empty={<EmptyState title={say('noTariffs')} teach={say('noTariffsTeach')} />}
    />
  );
}

function RouteTable({ open, mayPropose }: TableProps) {
  const say = useText(agreementTexts);
  return (
    <QueryTable
      name={say('routes')}
      columns={[...routeColumns(say), routeActions(say, open, mayPropose)]}
      query={useQuery(routesQuery)}
      rowKey={({ kind, key }) => `${kind} ${key}`}
      empty={<EmptyState title={say('noRoutes')} teach={say('noRoutesTeach')} />}
    />
  );
}

const TABLES: Record<Tab, (props: TableProps) => ReactNode> = {
  agreements: AgreementTable,
  tariffs: TariffTable,
  routes: RouteTable,
};

const PROPOSALS = {
  agreements: { text: 'proposeAgreement', opened: { dialog: 'agreement' } },
  tariffs: { text: 'proposeTariff', opened: { dialog: 'tariff', pair: {} } },
  routes: { text: 'proposeRoute', opened: { dialog: 'route' } },
} as const satisfies Record<Tab, { text: keyof typeof agreementTexts; opened: Opened }>;

export default function Agreements() {
  const say = useText(agreementTexts);
  const mayPropose = useMay()('exchange:write');
  const { tab: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const [opened, setOpened] = useState<Opened>();
  const tab = TABS.find((one) => one === wanted) ?? 'agreements';
  const Content = TABLES[tab];
  const proposal = PROPOSALS[tab];
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <Segmented<Tab>
            aria-label={say('title')}
            value={tab}
            options={TABS.map((value) => ({ value, label: say(value) }))}
            onChange={(next) => inBackground(navigate({ search: { tab: next } }))}
          />
          {mayPropose && (
            <Button type="primary" onClick={() => setOpened(proposal.opened)}>
              {say(proposal.text)}
            </Button>
          )}
        </>
      }
    >
      <Phase open={setOpened} mayPropose={mayPropose} />
      <Content open={setOpened} mayPropose={mayPropose} />
      <Dialogs opened={opened} close={() => setOpened(undefined)} />
    </Screen>
  );
}
