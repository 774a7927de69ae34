import { useQuery } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { operatorsQuery, type Operator } from '../../api/lists';
import { useMay } from '../../api/me';
import { safeLink } from '../../format/links';
import { textColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { Moment } from '../../parts/moment';
import { NetworkLink } from '../../parts/network-link';
import { QueryTable } from '../../parts/query-table';
import { Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { Billing } from './billing/billing';
import { operatorTexts } from './text';

const OperatorDialog = lazy(() => import('./operator-dialog'));

function Contact({ text }: { text: string }) {
  const link = safeLink(text);
  if (!link) return <span className="hostile">{text}</span>;
  return (
    <a href={link} rel="noreferrer" target="_blank" className="hostile">
      {text}
    </a>
  );
}

function columnsOf(
  say: Say<typeof operatorTexts>,
  edit: ((operator: Operator) => void) | undefined,
): Column<Operator>[] {
  const columns: Column<Operator>[] = [
    { key: 'id', title: say('id'), value: ({ id }) => id },
    textColumn('name', say('name')),
    {
      key: 'contact',
      title: say('contact'),
      value: ({ contact }) => contact,
      show: ({ contact }) => <Contact text={contact} />,
    },
    {
      key: 'networks',
      title: say('networks'),
      value: ({ networks }) => networks.join(' '),
      show: ({ networks }) => (
        <Flex gap="small" wrap>
          {networks.map((network) => (
            <NetworkLink key={network} network={network} />
          ))}
        </Flex>
      ),
    },
    {
      key: 'since',
      title: say('since'),
      value: ({ createdAt }) => createdAt,
      show: ({ createdAt }) => <Moment at={createdAt} only="relative" />,
      wide: true,
    },
  ];
  if (!edit) return columns;
  const action: Column<Operator> = {
    key: 'edit',
    title: say('editColumn'),
    value: () => '',
    buttons: true,
    show: (operator) => (
      <Flex gap="small">
        <Button size="small" aria-label={say('edit', { id: operator.id })} onClick={() => edit(operator)}>
          {say('editColumn')}
        </Button>
        <Billing operator={operator} />
      </Flex>
    ),
  };
  return [...columns, action];
}

export default function Operators() {
  const say = useText(operatorTexts);
  const mayChange = useMay()('networks:write');
  const query = useQuery(operatorsQuery);
  const [asked, setAsked] = useState<'register' | Operator>();
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        mayChange && (
          <Button type="primary" onClick={() => setAsked('register')}>
            {say('register')}
          </Button>
        )
      }
    >
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say, mayChange ? setAsked : undefined)}
        rowKey={(row) => row.id}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
      <Suspense fallback={null}>
        {asked && (
          <OperatorDialog
            operator={asked === 'register' ? undefined : asked}
            close={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </Screen>
  );
}
