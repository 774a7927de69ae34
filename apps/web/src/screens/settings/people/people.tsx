import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Flex, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { useMay } from '../../../api/me';
import { proposalIn } from '../../../api/proposal';
import { meQuery } from '../../../api/session';
import type { Column } from '../../../parts/data-table';
import { EmptyState } from '../../../parts/empty-state';
import { Moment } from '../../../parts/moment';
import { Proposed } from '../../../parts/proposed';
import { QueryTable } from '../../../parts/query-table';
import { Panel } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { peopleTexts } from './text';

type Person = Schemas['Person'];
const NewPersonDialog = lazy(() => import('./new-person-dialog'));
const RolesDialog = lazy(() => import('./roles-dialog'));
const AskReason = lazy(() => import('../../../parts/ask-reason'));
const KEY = ['people'];

type Step = 'roles' | 'disable';
/** Nobody changes roles of somebody who acts for a network. */
function stepsFor({ disabledAt, network }: Person, may: ReturnType<typeof useMay>): Step[] {
  if (disabledAt) return [];
  return [
    ...(may('people:roles') && network === null ? (['roles'] as const) : []),
    ...(may('people:write') ? (['disable'] as const) : []),
  ];
}

function columnsOf(
  say: Say<typeof peopleTexts>,
  steps: (person: Person) => Step[],
  ask: (step: Step, person: Person) => void,
): Column<Person>[] {
  return [
    {
      key: 'name',
      title: say('name'),
      value: ({ name }) => name,
      show: ({ name }) => <span className="hostile">{name}</span>,
    },
    {
      key: 'mail',
      title: say('mail'),
      value: ({ mail }) => mail,
      show: ({ mail }) => <span className="hostile">{mail}</span>,
    },
    { key: 'roles', title: say('roles'), value: ({ roles }) => roles.map((role) => say(role)).join(' · ') },
    { key: 'network', title: say('network'), value: ({ network }) => network, choose: true },
    {
      key: 'state',
      title: say('state'),
      value: ({ disabledAt }) => say(disabledAt ? 'disabled' : 'active'),
      choose: true,
      show: ({ disabledAt }) => (
        <Tag color={disabledAt ? 'default' : 'success'}>{say(disabledAt ? 'disabled' : 'active')}</Tag>
      ),
    },
    {
      key: 'createdAt',
      title: say('createdAt'),
      value: ({ createdAt }) => createdAt,
      show: ({ createdAt }) => <Moment at={createdAt} only="relative" />,
      wide: true,
    },
    {
      key: 'steps',
      title: say('steps'),
      value: () => '',
      buttons: true,
      show: (person) => (
        <Flex gap="small" wrap>
          {steps(person).map((step) => (
            <Button key={step} size="small" danger={step === 'disable'} onClick={() => ask(step, person)}>
              {say(step)}
            </Button>
          ))}
        </Flex>
      ),
    },
  ];
}

export default function People() {
  const say = useText(peopleTexts);
  const may = useMay();
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<{ step: Step; person: Person }>();
  const [proposal, setProposal] = useState<string>();
  const query = useQuery({
    queryKey: KEY,
    queryFn: () =>
      allRows<Person>((cursor) => answer(api.GET('/v1/people', { params: { query: pageOf(cursor) } }))),
  });
  const disable = async (reason: string) => {
    const id = asked?.person.id ?? '';
    const params = { path: { id } };
    // Disabling another admin needs a second person.
    setProposal(
      proposalIn(await answer<unknown>(api.POST('/v1/people/{id}/disable', { params, body: { reason } }))),
    );
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Panel
      title={say('title')}
      actions={
        may('people:write') && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {say('add')}
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
          (person) => stepsFor(person, may),
          (step, person) => setAsked({ step, person }),
        )}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
      />
      <Suspense fallback={null}>
        {adding && me && (
          <NewPersonDialog network={me.network} close={() => setAdding(false)} proposed={setProposal} />
        )}
        {asked?.step === 'roles' && (
          <RolesDialog person={asked.person} close={() => setAsked(undefined)} proposed={setProposal} />
        )}
        {asked?.step === 'disable' && (
          <AskReason
            open
            title={`${say('disable')}: ${asked.person.name}`}
            effect={say('disableEffect')}
            action={say('disable')}
            dangerous
            run={disable}
            close={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
