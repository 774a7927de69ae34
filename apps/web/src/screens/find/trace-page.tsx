import { Alert, Button, Descriptions, Flex, Segmented, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { duration } from '../../format/time';
import { ResultCode, useCodeRemedy } from '../../parts/codes/result-code';
import { inBackground } from '../../parts/in-background';
import { Moment, useMoments } from '../../parts/moment';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { findTexts } from './text';
import { stepsOf, toneOfState, type Checkpoint, type Step, type Tone, type Trace } from './timeline';

const COLOURS: Record<Tone, string> = { good: 'green', bad: 'red', waiting: 'orange', neutral: 'gray' };

export function useStateWord(): (state: Trace['state'] | Checkpoint['stage']) => string {
  const say = useText(findTexts);
  return (state) => say(state === 'on the way' ? 'onTheWay' : state);
}

function StepLine({ step }: { step: Step }) {
  const say = useText(findTexts);
  const { precise } = useMoments();
  const word = useStateWord();
  const { checkpoint, sincePrevious } = step;
  return (
    <div>
      <Flex gap="small" wrap align="baseline">
        <strong>{word(checkpoint.stage)}</strong>
        <Tag className="hostile">{checkpoint.network}</Tag>
        {checkpoint.kind !== 'message' && <span className="quiet hostile">{checkpoint.kind}</span>}
        <span className="quiet moment">
          {precise(checkpoint.at)}
          {sincePrevious > 0 && ` · ${say('after', { time: duration(sincePrevious) })}`}
        </span>
      </Flex>
      {checkpoint.code && checkpoint.code !== '00' && (
        <div>
          <ResultCode code={checkpoint.code} />
        </div>
      )}
      {checkpoint.detail && <div className="quiet hostile">{checkpoint.detail}</div>}
    </div>
  );
}

/** The page of one message. */
export function TracePage({ trace }: { trace: Trace }) {
  const say = useText(findTexts);
  const word = useStateWord();
  const remedy = useCodeRemedy();
  const [newestFirst, setNewestFirst] = useState(false);
  const [copied, setCopied] = useState(false);
  const steps = stepsOf(trace.checkpoints);
  const last = steps.at(-1);
  const failed = steps.findLast(({ tone }) => tone === 'bad');
  const advice = failed && trace.state === 'failed' ? remedy(failed.checkpoint.code) : undefined;
  const share = async () => {
    await navigator.clipboard.writeText(
      new URL(`/find?q=${encodeURIComponent(trace.id)}`, location.origin).href,
    );
    setCopied(true);
  };
  return (
    <Flex vertical gap="middle">
      <Panel
        title={say('message')}
        actions={<Button onClick={() => inBackground(share())}>{say(copied ? 'copied' : 'share')}</Button>}
      >
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            {
              key: 'state',
              label: say('state'),
              children: <Tag color={COLOURS[toneOfState(trace.state)]}>{word(trace.state)}</Tag>,
            },
            { key: 'took', label: say('took'), children: last ? duration(last.sinceFirst) : '–' },
            { key: 'from', label: say('from'), children: <span className="hostile">{trace.from}</span> },
            { key: 'to', label: say('to'), children: <span className="hostile">{trace.to}</span> },
            { key: 'id', label: 'Id', children: <code>{trace.id}</code> },
            { key: 'conversation', label: say('conversation'), children: <code>{trace.conversation}</code> },
          ]}
        />
        <p className="quiet">{say('noContent')}</p>
      </Panel>
      {advice && <Alert type="warning" showIcon title={say('whatToDo')} description={advice} />}
      <Panel
        title={say('timeline')}
        actions={
          <Segmented
            size="small"
            aria-label={say('timeline')}
            value={newestFirst ? 'newest' : 'oldest'}
            options={(['oldest', 'newest'] as const).map((value) => ({ value, label: say(value) }))}
            onChange={(value) => setNewestFirst(value === 'newest')}
          />
        }
      >
        {steps[0] && (
          <p className="quiet">
            <Moment at={steps[0].checkpoint.at} />
          </p>
        )}
        <Timeline
          reverse={newestFirst}
          items={steps.map((step, index) => ({
            key: index,
            color: COLOURS[step.tone],
            content: <StepLine step={step} />,
          }))}
        />
      </Panel>
    </Flex>
  );
}
