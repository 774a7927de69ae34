import { Button, Flex, Tag } from 'antd';
import { lazy, Suspense } from 'react';
import { Moment } from '../../parts/moment';
import { Panel } from '../../parts/screen';
import { useKind } from '../../parts/terms/terms';
import { useText } from '../../text/use-text';
import { hasEffect, isOpen, type Change, type Next, type Step } from './steps';
import { Terms } from './terms-list';
import { changeTexts } from './text';

const EffectOfChange = lazy(() => import('./effect-of-change'));

const COLOURS = {
  proposed: 'processing',
  approved: 'processing',
  applied: 'success',
  rejected: 'error',
  declined: 'error',
  expired: 'default',
} as const;

interface ChangePanelProps {
  change: Change;
  steps: Step[];
  next: Next;
  ask: (step: Step) => void;
}

export function ChangePanel({ change, steps, next, ask }: ChangePanelProps) {
  const say = useText(changeTexts);
  const kindOf = useKind();
  const isForward = (step: Step) => step === 'approve' || step === 'confirm';
  return (
    <Panel
      as="article"
      title={kindOf(change.change.kind)}
      actions={
        <Flex gap="small" wrap>
          {steps.map((step) => (
            <Button
              key={step}
              type={isForward(step) ? 'primary' : 'default'}
              danger={!isForward(step)}
              onClick={() => ask(step)}
            >
              {say(step)}
            </Button>
          ))}
        </Flex>
      }
    >
      <Flex gap="small" wrap align="baseline">
        <Tag color={COLOURS[change.state]}>{say(change.state)}</Tag>
        <NextActor next={next} />
        <span className="quiet hostile">
          {say('by', { who: change.proposer?.name ?? change.proposedBy })}
        </span>
        <Moment at={change.proposedAt} only="relative" />
        <Decision change={change} />
        {isOpen(change) && (
          <span className="quiet">
            {say('expires')} <Moment at={change.expiresAt} only="relative" />
          </span>
        )}
      </Flex>
      <Confirmations change={change} />
      <p className="hostile">{change.reason}</p>
      <Terms change={change} />
      {isOpen(change) && hasEffect(change) && (
        <Suspense fallback={null}>
          <EffectOfChange change={change} />
        </Suspense>
      )}
    </Panel>
  );
}

function NextActor({ next }: { next: Next }) {
  const say = useText(changeTexts);
  switch (next.who) {
    case 'you':
    case 'admin':
    case 'otherAdmin':
      return <strong>{say(next.who)}</strong>;
    case 'members':
      return <strong>{say('members', { networks: next.networks.join(', ') })}</strong>;
    case 'nobody':
      return null;
  }
}

function Decision({ change: { state, decider, decidedBy, decidedAt } }: { change: Change }) {
  const say = useText(changeTexts);
  if (decidedBy === null) return null;
  const who = decider?.name ?? decidedBy;
  return (
    <>
      <span className="quiet hostile">
        {say(state === 'rejected' ? 'rejectedBy' : 'approvedBy', { who })}
      </span>
      <Moment at={decidedAt} only="relative" />
    </>
  );
}

function Confirmations({ change: { confirmations } }: { change: Change }) {
  const say = useText(changeTexts);
  if (confirmations.length === 0) return null;
  return (
    <ul className="confirmations">
      {confirmations.map(({ network, state, reason }) => (
        <li key={network}>
          <Tag color={state === 'confirmed' ? 'success' : state === 'declined' ? 'error' : 'default'}>
            {network} {say(state === 'declined' ? 'declinedByMember' : state)}
          </Tag>{' '}
          {reason !== null && <span className="quiet hostile">{reason}</span>}
        </li>
      ))}
    </ul>
  );
}
