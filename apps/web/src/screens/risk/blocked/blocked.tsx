import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { useMay } from '../../../api/me';
import { proposalIn } from '../../../api/proposal';
import { meQuery } from '../../../api/session';
import { momentColumn, textColumn } from '../../../parts/columns';
import type { Column } from '../../../parts/data-table';
import { EmptyState } from '../../../parts/empty-state';
import { inBackground } from '../../../parts/in-background';
import { ProblemAlert } from '../../../parts/problem-alert';
import { Proposed } from '../../../parts/proposed';
import { QueryTable } from '../../../parts/query-table';
import { useText, type Say } from '../../../text/use-text';
import { blockedTexts } from './text';

type Blocked = Schemas['BlockedAddress'];
const BlockDialog = lazy(() => import('./block-dialog'));
const KEY = ['blocked'];

function columnsOf(
  say: Say<typeof blockedTexts>,
  unblock: ((row: Blocked) => void) | undefined,
): Column<Blocked>[] {
  const columns: Column<Blocked>[] = [
    textColumn('address', say('address')),
    { key: 'network', title: say('network'), value: ({ network }) => network ?? say('all'), choose: true },
    textColumn('reason', say('reason')),
    momentColumn('createdAt', say('since'), 'relative'),
  ];
  if (!unblock) return columns;
  const button: Column<Blocked> = {
    key: 'unblock',
    title: say('unblock'),
    value: () => '',
    buttons: true,
    show: (row) => (
      <Button size="small" onClick={() => unblock(row)}>
        {say('unblock')}
      </Button>
    ),
  };
  return [...columns, button];
}

export default function BlockList() {
  const say = useText(blockedTexts);
  const queries = useQueryClient();
  const mayWrite = useMay()('blocked:write');
  const me = useQuery(meQuery).data;
  const [adding, setAdding] = useState(false);
  const [proposal, setProposal] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const query = useQuery({
    queryKey: KEY,
    queryFn: () =>
      allRows<Blocked>((cursor) => answer(api.GET('/v1/blocked', { params: { query: pageOf(cursor) } }))),
  });
  /** Of an admin it is a proposal. */
  const done = async (answered: unknown) => {
    setProposal(proposalIn(answered));
    await queries.invalidateQueries({ queryKey: KEY });
  };
  const unblock = async ({ id }: Blocked) => {
    setProblem(undefined);
    try {
      await done(await answer<unknown>(api.DELETE('/v1/blocked/{id}', { params: { path: { id } } })));
    } catch (error) {
      setProblem(error);
    }
  };
  const add = mayWrite && <Button onClick={() => setAdding(true)}>{say('block')}</Button>;
  return (
    <>
      <Proposed change={proposal} />
      {problem !== undefined && <ProblemAlert error={problem} />}
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say, mayWrite ? (row) => inBackground(unblock(row)) : undefined)}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} action={add} />}
        toolbar={add}
      />
      <Suspense fallback={null}>
        {adding && me && <BlockDialog network={me.network} close={() => setAdding(false)} done={done} />}
      </Suspense>
    </>
  );
}
