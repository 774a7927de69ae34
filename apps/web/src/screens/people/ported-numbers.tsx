import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { answer, api } from '../../api/client';
import { useMay } from '../../api/me';
import { proposalIn } from '../../api/proposal';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { Moment } from '../../parts/moment';
import { NetworkLink } from '../../parts/network-link';
import { Proposed } from '../../parts/proposed';
import { QueryTable } from '../../parts/query-table';
import { useText, type Say } from '../../text/use-text';
import { portedQuery, type Ported } from './queries';
import { peopleTexts } from './text';

const AskReason = lazy(() => import('../../parts/ask-reason'));
const PortDialog = lazy(() => import('./port-dialog'));

function columnsOf(
  say: Say<typeof peopleTexts>,
  restore: ((number: string) => void) | undefined,
): Column<Ported>[] {
  const columns: Column<Ported>[] = [
    {
      key: 'number',
      title: say('number'),
      value: ({ number }) => number,
      show: ({ number }) => (
        <Link to="/people" search={{ q: number }} className="code">
          {number}
        </Link>
      ),
    },
    {
      key: 'network',
      title: say('network'),
      value: ({ network }) => network,
      choose: true,
      show: ({ network }) => <NetworkLink network={network} />,
    },
    {
      key: 'address',
      title: say('address'),
      value: ({ address }) => address,
      show: ({ address }) => <span className="hostile code">{address ?? '–'}</span>,
      wide: true,
    },
    {
      key: 'since',
      title: say('portedSince'),
      value: ({ since }) => since,
      show: ({ since }) => <Moment at={since} only="absolute" />,
    },
  ];
  if (!restore) return columns;
  const action: Column<Ported> = {
    key: 'restore',
    title: say('restore'),
    value: () => '',
    buttons: true,
    show: ({ number }) => (
      <Button size="small" onClick={() => restore(number)}>
        {say('restore')}
      </Button>
    ),
  };
  return [...columns, action];
}

export default function PortedNumbers() {
  const say = useText(peopleTexts);
  const mayChange = useMay()('ported:write');
  const query = useQuery(portedQuery);
  const [porting, setPorting] = useState(false);
  const [restored, setRestored] = useState<string>();
  const [proposal, setProposal] = useState<string>();
  const restore = async (reason: string) => {
    if (restored === undefined) return;
    const params = { path: { number: restored }, query: { reason } };
    setProposal(proposalIn(await answer(api.DELETE('/v1/routes/ported/{number}', { params }))));
  };
  return (
    <>
      <Proposed change={proposal} />
      {mayChange && (
        <div>
          <Button type="primary" onClick={() => setPorting(true)}>
            {say('port')}
          </Button>
        </div>
      )}
      <QueryTable
        name={say('ported')}
        query={query}
        columns={columnsOf(say, mayChange ? setRestored : undefined)}
        rowKey={({ number }) => number}
        empty={<EmptyState title={say('noPorted')} teach={say('noPortedTeach')} />}
      />
      <Suspense fallback={null}>
        {porting && <PortDialog proposed={setProposal} close={() => setPorting(false)} />}
        {restored !== undefined && (
          <AskReason
            open
            title={say('restore')}
            effect={say('restoreEffect', { number: restored })}
            action={say('restore')}
            run={restore}
            close={() => setRestored(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
