import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf, peopleQuery, type Person } from '../../../api/lists';
import { useMay } from '../../../api/me';
import { proposalIn } from '../../../api/proposal';
import { meQuery } from '../../../api/session';
import { textColumn } from '../../../parts/columns';
import type { Column } from '../../../parts/data-table';
import { EmptyState } from '../../../parts/empty-state';
import { Moment } from '../../../parts/moment';
import { Proposed } from '../../../parts/proposed';
import { QueryTable } from '../../../parts/query-table';
import { Panel } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { keyTexts } from './text';

type Key = Schemas['Key'];
const NewKeyDialog = lazy(() => import('./new-key-dialog'));
const ShownOnce = lazy(() => import('../../../parts/shown-once'));
const AskReason = lazy(() => import('../../../parts/ask-reason'));
const KEY = ['keys'];

function columnsOf(
  say: Say<typeof keyTexts>,
  own: string | undefined,
  people: readonly Person[],
  mayRevoke: (key: Key) => boolean,
  revoke: (key: Key) => void,
): Column<Key>[] {
  return [
    {
      key: 'name',
      title: say('name'),
      value: ({ name }) => name,
      show: ({ name, person }) => (
        <>
          <span className="hostile">{name}</span> {person === own && <Tag>{say('mine')}</Tag>}
        </>
      ),
    },
    {
      key: 'owner',
      title: say('owner'),
      value: ({ person }) => people.find(({ id }) => id === person)?.name,
      show: ({ person }) => <span className="hostile">{people.find(({ id }) => id === person)?.name}</span>,
      wide: true,
    },
    { key: 'role', title: say('role'), value: ({ role }) => say(role), choose: true },
    { key: 'network', title: say('network'), value: ({ network }) => network, choose: true },
    {
      key: 'prefix',
      title: say('prefix'),
      value: ({ prefix }) => prefix,
      show: ({ prefix }) => <code>{prefix}</code>,
      wide: true,
    },
    textColumn('reason', say('reason'), { wide: true }),
    {
      key: 'expiresAt',
      title: say('expiresAt'),
      value: ({ expiresAt }) => expiresAt,
      show: ({ expiresAt }) => (expiresAt ? <Moment at={expiresAt} only="relative" /> : say('never')),
    },
    {
      key: 'lastUsedAt',
      title: say('lastUsedAt'),
      value: ({ lastUsedAt }) => lastUsedAt,
      show: ({ lastUsedAt }) => (lastUsedAt ? <Moment at={lastUsedAt} only="relative" /> : say('unused')),
    },
    {
      key: 'revoke',
      title: say('revoke'),
      value: () => '',
      buttons: true,
      show: (key) =>
        mayRevoke(key) && (
          <Button size="small" danger onClick={() => revoke(key)}>
            {say('revoke')}
          </Button>
        ),
    },
  ];
}

export default function Keys() {
  const say = useText(keyTexts);
  const queries = useQueryClient();
  const may = useMay();
  const mayWrite = may('keys:write');
  const me = useQuery(meQuery).data;
  // Auditors and integrators have keys of their own only.
  const forOthers = me?.role === 'admin' || me?.role === 'operator';
  const people = useQuery({ ...peopleQuery, enabled: may('people:read') }).data?.rows ?? [];
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [revoking, setRevoking] = useState<Key>();
  const [proposal, setProposal] = useState<string>();
  const query = useQuery({
    queryKey: KEY,
    queryFn: () =>
      allRows<Key>((cursor) => answer(api.GET('/v1/keys', { params: { query: pageOf(cursor) } }))),
  });
  const renewed = () => queries.invalidateQueries({ queryKey: KEY });
  const revoke = async (reason: string) => {
    const id = revoking?.id ?? '';
    const body = { reason, withDerived: true };
    // A key of another admin needs a second person.
    setProposal(proposalIn(await answer(api.DELETE('/v1/keys/{id}', { params: { path: { id } }, body }))));
    await renewed();
  };
  return (
    <Panel
      title={say('title')}
      actions={
        mayWrite && (
          <Button type="primary" onClick={() => setMaking(true)}>
            {say('newKey')}
          </Button>
        )
      }
    >
      <Proposed change={proposal} />
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(
          say,
          me?.person.id,
          people,
          ({ person }) => mayWrite && (forOthers || person === me?.person.id),
          setRevoking,
        )}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
      <Suspense fallback={null}>
        {making && me && (
          <NewKeyDialog
            me={me.person}
            forOthers={forOthers}
            proposed={setProposal}
            close={() => setMaking(false)}
            made={async (key) => {
              setSecret(key);
              await renewed();
            }}
          />
        )}
        {secret !== undefined && (
          <ShownOnce title={say('newKey')} secret={secret} close={() => setSecret(undefined)} />
        )}
        {revoking && (
          <AskReason
            open
            title={`${say('revoke')}: ${revoking.name}`}
            effect={say('revokeEffect')}
            action={say('revoke')}
            dangerous
            run={revoke}
            close={() => setRevoking(undefined)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
