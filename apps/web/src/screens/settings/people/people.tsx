import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { answer, api } from '../../../api/client';
import { peopleQuery, type ListedPerson } from '../../../api/lists';
import { useMay } from '../../../api/me';
import { proposalIn } from '../../../api/proposal';
import { meQuery } from '../../../api/session';
import { momentColumn, tagColumn, textColumn } from '../../../parts/columns';
import type { Column } from '../../../parts/data-table';
import { EmptyState } from '../../../parts/empty-state';
import { Proposed } from '../../../parts/proposed';
import { QueryTable } from '../../../parts/query-table';
import { Panel } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { peopleTexts } from './text';

const NewPersonDialog = lazy(() => import('./new-person-dialog'));
const RolesDialog = lazy(() => import('./roles-dialog'));
const AskReason = lazy(() => import('../../../parts/ask-reason'));

type Step = 'roles' | 'resetFactor' | 'disable';
/** Nobody changes roles of somebody who acts for a network, or resets their own second factor. */
function stepsFor(
  { id, disabledAt, network, hasSecondFactor }: ListedPerson,
  may: ReturnType<typeof useMay>,
  own: string | undefined,
): Step[] {
  if (disabledAt) return [];
  return [
    ...(may('people:roles') && network === null ? (['roles'] as const) : []),
    ...(may('people:recover') && hasSecondFactor && id !== own ? (['resetFactor'] as const) : []),
    ...(may('people:write') ? (['disable'] as const) : []),
  ];
}

function columnsOf(
  say: Say<typeof peopleTexts>,
  steps: (person: ListedPerson) => Step[],
  ask: (step: Step, person: ListedPerson) => void,
): Column<ListedPerson>[] {
  return [
    textColumn('name', say('name')),
    textColumn('mail', say('mail')),
    { key: 'roles', title: say('roles'), value: ({ roles }) => roles.map((role) => say(role)).join(' · ') },
    { key: 'network', title: say('network'), value: ({ network }) => network, choose: true },
    tagColumn({
      key: 'state',
      title: say('state'),
      value: ({ disabledAt }) => say(disabledAt ? 'disabled' : 'active'),
      colour: ({ disabledAt }) => (disabledAt ? 'default' : 'success'),
    }),
    momentColumn('createdAt', say('createdAt'), 'relative'),
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
  const [asked, setAsked] = useState<{ step: Step; person: ListedPerson }>();
  const [proposal, setProposal] = useState<string>();
  const query = useQuery(peopleQuery);
  const disable = async (reason: string) => {
    const id = asked?.person.id ?? '';
    const params = { path: { id } };
    // Disabling another admin needs a second person.
    setProposal(
      proposalIn(await answer<unknown>(api.POST('/v1/people/{id}/disable', { params, body: { reason } }))),
    );
    await queries.invalidateQueries(peopleQuery);
  };
  const resetFactor = async (reason: string) => {
    const params = { path: { id: asked?.person.id ?? '' } };
    const change = await answer(
      api.POST('/v1/people/{id}/second-factor/reset', { params, body: { reason } }),
    );
    setProposal(change.id);
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
          (person) => stepsFor(person, may, me?.person.id),
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
        {asked?.step === 'resetFactor' && (
          <AskReason
            open
            title={`${say('resetFactor')}: ${asked.person.name}`}
            effect={say('resetFactorEffect')}
            action={say('propose')}
            run={resetFactor}
            close={() => setAsked(undefined)}
          />
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
