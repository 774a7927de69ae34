import { Button, Flex, Tag } from 'antd';
import { Moment } from '../../parts/moment';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { termsOf, type Change, type Step } from './steps';
import { changeTexts } from './text';

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
  ask: (step: Step) => void;
}

export function ChangePanel({ change, steps, ask }: ChangePanelProps) {
  const say = useText(changeTexts);
  const { kind, ...terms } = change.change;
  return (
    <Panel
      title={kind}
      actions={
        <Flex gap="small" wrap>
          {steps.map((step) => (
            <Button
              key={step}
              type={step === 'approve' || step === 'confirm' ? 'primary' : 'default'}
              danger={step === 'reject' || step === 'decline'}
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
        <span className="quiet hostile">{say('by', { who: change.proposedBy })}</span>
        <Moment at={change.proposedAt} only="relative" />
        <span className="quiet">
          {say('expires')} <Moment at={change.expiresAt} only="relative" />
        </span>
        {change.confirmations.map(({ network, state }) => (
          <Tag key={network} color={state === 'confirmed' ? 'success' : 'default'}>
            {network} {say(state)}
          </Tag>
        ))}
      </Flex>
      <p className="hostile">{change.reason}</p>
      <dl className="terms">
        {termsOf(terms).map(([name, value]) => (
          <div key={name}>
            <dt className="quiet">{name.replace(/^terms\./, '')}</dt>
            <dd className="hostile">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
