import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { answer, api } from '../../../api/client';
import { useMay } from '../../../api/me';
import { EmptyState } from '../../../parts/empty-state';
import { inBackground } from '../../../parts/in-background';
import { ProblemAlert } from '../../../parts/problem-alert';
import { QueryTable } from '../../../parts/query-table';
import { Loading, Panel } from '../../../parts/screen';
import { useText } from '../../../text/use-text';
import { webhookColumns, type Step } from './columns';
import { webhooksQuery, type Webhook } from './queries';
import { webhookTexts } from './text';

const WebhookDialog = lazy(() => import('./webhook-dialog'));
const DeliveryLog = lazy(() => import('./delivery-log'));
const ShownOnce = lazy(() => import('../../../parts/shown-once'));
const AskReason = lazy(() => import('../../../parts/ask-reason'));
const route = getRouteApi('/settings');

export default function Webhooks() {
  const say = useText(webhookTexts);
  const queries = useQueryClient();
  const mayWrite = useMay()('webhooks:write');
  const { webhook: shown } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(webhooksQuery);
  const [asked, setAsked] = useState<
    { step: 'new' } | { step: 'change' | 'rotate' | 'remove'; webhook: Webhook }
  >();
  const [secret, setSecret] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const renewed = () => queries.invalidateQueries({ queryKey: webhooksQuery.queryKey });
  const openLog = (id: string) => navigate({ search: { tab: 'webhooks', webhook: id } });
  const test = async ({ id }: Webhook) => {
    setProblem(undefined);
    try {
      await answer(api.POST('/v1/webhooks/{id}/test', { params: { path: { id } } }));
      await queries.invalidateQueries({ queryKey: ['deliveries', id] });
      await openLog(id);
    } catch (error) {
      setProblem(error);
    }
  };
  const ask = (step: Step, webhook: Webhook) => {
    if (step === 'test') inBackground(test(webhook));
    else if (step === 'log') inBackground(openLog(webhook.id));
    else setAsked({ step, webhook });
  };
  const rotate = async (id: string, reason: string) => {
    const body = { hours: 24, reason };
    const made = await answer(
      api.POST('/v1/webhooks/{id}/rotate-secret', { params: { path: { id } }, body }),
    );
    setSecret(made.secret);
    await renewed();
  };
  const remove = async (id: string, reason: string) => {
    await answer(api.DELETE('/v1/webhooks/{id}', { params: { path: { id } }, body: { reason } }));
    await renewed();
  };
  return (
    <>
      <Panel
        title={say('title')}
        actions={
          mayWrite && (
            <Button type="primary" onClick={() => setAsked({ step: 'new' })}>
              {say('add')}
            </Button>
          )
        }
      >
        <p className="quiet">{say('lead')}</p>
        {problem !== undefined && <ProblemAlert error={problem} />}
        <QueryTable
          name={say('title')}
          query={query}
          columns={webhookColumns(say, mayWrite, ask)}
          rowKey={({ id }) => id}
          empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
        />
      </Panel>
      {shown !== undefined && (
        <Suspense fallback={<Loading />}>
          <DeliveryLog webhook={shown} />
        </Suspense>
      )}
      <Suspense fallback={null}>
        {asked && (asked.step === 'new' || asked.step === 'change') && (
          <WebhookDialog
            webhook={asked.step === 'change' ? asked.webhook : undefined}
            close={() => setAsked(undefined)}
            done={async (made) => {
              setSecret(made);
              await renewed();
            }}
          />
        )}
        {asked?.step === 'rotate' && (
          <AskReason
            open
            title={say('rotate')}
            effect={say('rotateEffect')}
            action={say('rotate')}
            run={(reason) => rotate(asked.webhook.id, reason)}
            close={() => setAsked(undefined)}
          />
        )}
        {asked?.step === 'remove' && (
          <AskReason
            open
            title={say('remove')}
            effect={say('removeEffect', { url: asked.webhook.url })}
            action={say('remove')}
            dangerous
            run={(reason) => remove(asked.webhook.id, reason)}
            close={() => setAsked(undefined)}
          />
        )}
        {secret !== undefined && (
          <ShownOnce title={say('secret')} secret={secret} close={() => setSecret(undefined)} />
        )}
      </Suspense>
    </>
  );
}
