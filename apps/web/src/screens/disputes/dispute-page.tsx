import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Descriptions, Timeline } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { useMay } from '../../api/me';
import { meQuery } from '../../api/session';
import { yuan } from '../../format/money';
import { Moment, useMoments, useNow } from '../../parts/moment';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { useText, type Say } from '../../text/use-text';
import { actionsOf, awaited, urgency, type Action, type DisputeDetail } from './lifecycle';
import { StepDialog } from './step-dialog';
import { actionTexts, disputeTexts, kindTexts, stateTexts } from './text';

function Facts({ dispute }: { dispute: DisputeDetail }) {
  const say = useText(disputeTexts);
  const kind = useText(kindTexts);
  const state = useText(stateTexts);
  const { claimant, respondent, amount, toNetwork, ruling, outcome } = dispute;
  const items = [
    { key: 'state', label: say('state'), children: state(dispute.state) },
    { key: 'kind', label: say('kind'), children: kind(dispute.kind) },
    { key: 'amount', label: say('amount'), children: yuan(amount) },
    { key: 'claimant', label: say('claimant'), children: claimant },
    { key: 'respondent', label: say('respondent'), children: respondent },
    { key: 'toNetwork', label: say('toNetwork'), children: toNetwork },
    ...(ruling ? [{ key: 'ruling', label: say('ruling'), children: say(ruling) }] : []),
    ...(outcome ? [{ key: 'outcome', label: say('outcome'), children: say(outcome) }] : []),
  ];
  return (
    <Panel title={say('facts')}>
      <Descriptions size="small" column={{ xs: 1, md: 2, xl: 3 }} items={items} />
    </Panel>
  );
}

/** Name of a step of the history; steps of a newer server are shown as they are called. */
function actionName(action: string, act: Say<typeof actionTexts>): string {
  return action in actionTexts ? act(action as keyof typeof actionTexts) : action;
}

function History({ dispute }: { dispute: DisputeDetail }) {
  const say = useText(disputeTexts);
  const act = useText(actionTexts);
  const state = useText(stateTexts);
  const { absolute } = useMoments();
  const now = useNow(60_000);
  const who = awaited(dispute);
  const done = dispute.history.map((step) => ({
    color: 'green',
    content: (
      <div>
        <strong>{actionName(step.action, act)}</strong> · <span className="hostile">{step.by}</span> ·{' '}
        <Moment at={step.at} />
        <div className="quiet">{state(step.state)}</div>
        <p className="hostile">{step.text}</p>
        {step.envelopeHash && <code className="hostile">{step.envelopeHash}</code>}
      </div>
    ),
  }));
  const next = dispute.deadline !== null && {
    color: urgency(dispute, now),
    content: (
      <div>
        <strong>
          {who
            ? say('next', { who: say(who), at: absolute(dispute.deadline) })
            : say('nextNobody', { at: absolute(dispute.deadline) })}
        </strong>{' '}
        <Moment at={dispute.deadline} only="relative" />
        {dispute.reminded && <p>{say('reminded')}</p>}
      </div>
    ),
  };
  return (
    <Panel title={say('timeline')}>
      <Timeline items={next ? [...done, next] : done} />
    </Panel>
  );
}

export function DisputePage({ id }: { id: string }) {
  const say = useText(disputeTexts);
  const act = useText(actionTexts);
  const { data: me } = useQuery(meQuery);
  const may = useMay();
  const [action, setAction] = useState<Action>();
  const [isProposed, setProposed] = useState(false);
  const query = useQuery({
    queryKey: ['disputes', id],
    queryFn: () => answer(api.GET('/v1/disputes/{id}', { params: { path: { id } } })),
  });
  const { data: dispute } = query;
  const actions = dispute ? actionsOf(dispute, { network: me?.network, may }) : [];
  return (
    <Screen
      title={say('one', { reference: dispute?.reference ?? id })}
      lead={say('oneLead')}
      actions={
        <>
          <Link to="/disputes">{say('back')}</Link>
          {actions.map((one) => (
            <Button key={one} onClick={() => setAction(one)}>
              {act(one)}
            </Button>
          ))}
        </>
      }
    >
      {isProposed && <Alert type="success" showIcon role="status" title={say('proposed')} />}
      <Loaded query={query}>
        {(found) => (
          <>
            <Facts dispute={found} />
            <History dispute={found} />
            {action && (
              <StepDialog
                dispute={found}
                action={action}
                done={() => setProposed(may('disputes:arbitrate'))}
                close={() => setAction(undefined)}
              />
            )}
          </>
        )}
      </Loaded>
    </Screen>
  );
}
