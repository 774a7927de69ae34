import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { meQuery } from '../../../api/session';
import { momentColumn } from '../../../parts/columns';
import type { Column } from '../../../parts/data-table';
import { EmptyState } from '../../../parts/empty-state';
import { inBackground } from '../../../parts/in-background';
import { Moment } from '../../../parts/moment';
import { ProblemAlert } from '../../../parts/problem-alert';
import { QueryTable } from '../../../parts/query-table';
import { Panel } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { browserOf } from './browser';
import { sessionTexts } from './text';

type Session = Schemas['Session'];
const PasswordDialog = lazy(() => import('./password-dialog'));
const KEY = ['sessions'];

function columnsOf(say: Say<typeof sessionTexts>, end: (session: Session) => void): Column<Session>[] {
  return [
    {
      key: 'agent',
      title: say('agent'),
      value: ({ agent }) => agent,
      show: ({ agent, current }) => (
        <>
          <span className="hostile" title={agent}>
            {browserOf(agent)}
          </span>{' '}
          {current && <Tag color="success">{say('current')}</Tag>}
        </>
      ),
    },
    { key: 'address', title: say('address'), value: ({ address }) => address },
    { key: 'method', title: say('method'), value: ({ method }) => say(method) },
    {
      key: 'startedAt',
      title: say('startedAt'),
      value: ({ startedAt }) => startedAt,
      show: ({ startedAt }) => <Moment at={startedAt} />,
    },
    momentColumn('seenAt', say('seenAt'), 'relative'),
    momentColumn('expiresAt', say('expiresAt'), 'relative'),
    {
      key: 'end',
      title: say('end'),
      value: () => '',
      buttons: true,
      show: (session) =>
        !session.current && (
          <Button size="small" onClick={() => end(session)}>
            {say('end')}
          </Button>
        ),
    },
  ];
}

export default function Sessions() {
  const say = useText(sessionTexts);
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const [problem, setProblem] = useState<unknown>();
  const [dialog, setDialog] = useState(false);
  const query = useQuery({
    queryKey: KEY,
    queryFn: () =>
      allRows<Session>((cursor) => answer(api.GET('/v1/me/sessions', { params: { query: pageOf(cursor) } }))),
  });
  const doing = (work: () => Promise<unknown>) => {
    setProblem(undefined);
    inBackground(
      work()
        .then(() => queries.invalidateQueries({ queryKey: KEY }))
        .catch(setProblem),
    );
  };
  const end = ({ id }: Session) =>
    doing(() => answer(api.DELETE('/v1/me/sessions/{id}', { params: { path: { id } } })));
  return (
    <>
      <Panel title={say('password')}>
        <p>{say(me?.hasPassword ? 'hasPassword' : 'noPassword')}</p>
        {me?.hasPassword && <Button onClick={() => setDialog(true)}>{say('changePassword')}</Button>}
      </Panel>
      <Panel
        title={say('sessions')}
        actions={
          <Button danger onClick={() => doing(() => answer(api.DELETE('/v1/me/sessions')))}>
            {say('endOthers')}
          </Button>
        }
      >
        {problem !== undefined && <ProblemAlert error={problem} />}
        <QueryTable
          name={say('sessions')}
          query={query}
          columns={columnsOf(say, end)}
          rowKey={({ id }) => id}
          empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
        />
      </Panel>
      <Suspense fallback={null}>{dialog && <PasswordDialog close={() => setDialog(false)} />}</Suspense>
    </>
  );
}
