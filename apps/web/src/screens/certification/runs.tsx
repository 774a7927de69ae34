import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState, type Key } from 'react';
import { answer, api } from '../../api/client';
import { useMay } from '../../api/me';
import { momentColumn, tagColumn, textColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { Moment } from '../../parts/moment';
import { QueryTable } from '../../parts/query-table';
import { Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { runsQuery, type Line } from './queries';
import { certificationTexts } from './text';
import { RUN_COLOURS } from './words';

const AskReason = lazy(() => import('../../parts/ask-reason'));
const StartDialog = lazy(() => import('./start-dialog'));
const route = getRouteApi('/certification');

function columnsOf(say: Say<typeof certificationTexts>): Column<Line>[] {
  return [
    {
      key: 'at',
      title: say('at'),
      value: ({ at }) => at,
      show: ({ at, network, id }) => (
        <Link to="/certification" search={{ network, run: id }}>
          <Moment at={at} only="absolute" />
        </Link>
      ),
    },
    tagColumn({
      key: 'state',
      title: say('runState'),
      value: ({ state }) => say(state),
      colour: ({ state }) => RUN_COLOURS[state],
    }),
    { key: 'level', title: say('level'), value: ({ level }) => level, choose: true },
    { key: 'cases', title: say('cases'), value: ({ cases }) => say('casesOf', { ...cases }) },
    textColumn('build', say('build'), { wide: true }),
    momentColumn('validUntil', say('validUntil')),
    textColumn('by', say('by'), { wide: true }),
  ];
}

/** Start a certification, revoke the certificate. */
function Actions({ network }: { network: string }) {
  const say = useText(certificationTexts);
  const may = useMay();
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const [asked, setAsked] = useState<'start' | 'revoke'>();
  const close = () => setAsked(undefined);
  const revoke = async (reason: string) => {
    await answer(
      api.POST('/v1/networks/{network}/adapter/revoke', { params: { path: { network } }, body: { reason } }),
    );
    await queries.invalidateQueries({ queryKey: ['networks'] });
  };
  return (
    <>
      <Link to="/certification">{say('all')}</Link>
      {may('adapters:revoke') && (
        <Button danger onClick={() => setAsked('revoke')}>
          {say('revoke')}
        </Button>
      )}
      {may('certifications:start') && (
        <Button type="primary" onClick={() => setAsked('start')}>
          {say('start')}
        </Button>
      )}
      <Suspense fallback={null}>
        {asked === 'start' && (
          <StartDialog
            network={network}
            started={(run) => inBackground(navigate({ search: { network, run } }))}
            close={close}
          />
        )}
        {asked === 'revoke' && (
          <AskReason
            open
            title={say('revoke')}
            effect={say('revokeEffect', { network })}
            action={say('revoke')}
            dangerous
            run={revoke}
            close={close}
          />
        )}
      </Suspense>
    </>
  );
}

export default function Runs({ network }: { network: string }) {
  const say = useText(certificationTexts);
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<Key[]>([]);
  const query = useQuery(runsQuery(network));
  const compare = () => {
    // The list is newest first.
    const ids = query.data?.rows.map(({ id }) => id).filter((id) => selected.includes(id)) ?? [];
    const [run, other] = ids;
    if (run && other) inBackground(navigate({ search: { network, run, with: other } }));
  };
  return (
    <Screen title={say('titleOf', { network })} lead={say('lead')} actions={<Actions network={network} />}>
      <QueryTable
        name={say('runs')}
        query={query}
        columns={columnsOf(say)}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('noRuns')} teach={say('noRunsTeach')} />}
        selected={selected}
        onSelect={setSelected}
        toolbar={
          <Button disabled={selected.length !== 2} title={say('compareHint')} onClick={compare}>
            {say('compareTwo')}
          </Button>
        }
      />
    </Screen>
  );
}
