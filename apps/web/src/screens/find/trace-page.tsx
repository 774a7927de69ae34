import { Link } from '@tanstack/react-router';
import { Alert, Button, Descriptions, Flex, Segmented, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { yuan } from '../../format/money';
import { duration } from '../../format/time';
import { ResultCode, useCodeRemedy } from '../../parts/codes/result-code';
import { inBackground } from '../../parts/in-background';
import { Moment, useMoments } from '../../parts/moment';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { useDetailWords } from './detail/use-detail-words';
import { findTexts } from './text';
import { stepsOf, toneOfState, type Step, type StepName, type Tone, type Trace } from './timeline';

const COLOURS: Record<Tone, string> = { good: 'green', bad: 'red', waiting: 'orange', neutral: 'gray' };
/** Those of states have enough contrast for their text. */
const TAG_COLOURS: Record<Tone, string> = {
  good: 'success',
  bad: 'error',
  waiting: 'warning',
  neutral: 'default',
};

function useStateWord(): (state: Trace['state'] | StepName) => string {
  const say = useText(findTexts);
  return (state) => say(state === 'on the way' ? 'onTheWay' : state);
}

function useDetail({ name, detail }: Step): string | null {
  const say = useText(findTexts);
  const inWords = useDetailWords();
  if (name === 'receipt' && (detail === 'delivered' || detail === 'read')) return say(detail);
  if (detail !== null) return inWords(detail);
  return name === 'routed' ? say('direct') : name === 'sent' ? say('itsClock') : null;
}

function StepLine({ step }: { step: Step }) {
  const say = useText(findTexts);
  const { precise } = useMoments();
  const word = useStateWord();
  const { name, stage, network, kind, code, at, sincePrevious } = step;
  const detail = useDetail(step);
  const isMessage = kind === 'message' || kind === name;
  return (
    <div>
      <Flex gap="small" wrap align="baseline">
        <strong>{word(name)}</strong>
        {stage !== undefined && stage !== name && <span>{word(stage)}</span>}
        <Tag className="hostile">{network}</Tag>
        {!isMessage && <span className="quiet hostile">{kind}</span>}
        <span className="quiet moment">
          {precise(at)}
          {sincePrevious > 0 && ` · ${say('after', { time: duration(sincePrevious) })}`}
        </span>
      </Flex>
      {code && code !== '00' && (
        <div>
          <ResultCode code={code} />
        </div>
      )}
      {detail && <div className="quiet hostile">{detail}</div>}
    </div>
  );
}

function Price({ trace: { price, state } }: { trace: Trace }) {
  const say = useText(findTexts);
  if (!price) return <>{say(state === 'on the way' ? 'priceRunning' : 'priceNone')}</>;
  const { businessDay: day, units, amount, switchFee } = price;
  if (day === null) return <>{say('priceRunning')}</>;
  const words =
    amount === null
      ? say('priceOpen', { units, day })
      : say('priceClosed', { units, day, amount: yuan(amount), fee: yuan(switchFee ?? '0') });
  return (
    <Link to="/days" search={{ date: day }}>
      {words}
    </Link>
  );
}

/** The messages before and after it in the conversation. */
function Neighbours({ trace: { previous, next } }: { trace: Trace }) {
  const say = useText(findTexts);
  if (!previous && !next) return null;
  return (
    <Flex gap="small" wrap justify="space-between" className="neighbours">
      {previous ? (
        <Link to="/find" search={{ q: previous }}>
          ← {say('previous')}
        </Link>
      ) : (
        <span />
      )}
      {next && (
        <Link to="/find" search={{ q: next }}>
          {say('next')} →
        </Link>
      )}
    </Flex>
  );
}

/** The page of one message. */
export function TracePage({ trace }: { trace: Trace }) {
  const say = useText(findTexts);
  const word = useStateWord();
  const remedy = useCodeRemedy();
  const [newestFirst, setNewestFirst] = useState(false);
  const [copied, setCopied] = useState(false);
  const steps = stepsOf(trace);
  const last = steps.at(-1);
  const failed = steps.findLast(({ tone }) => tone === 'bad');
  const advice = failed && trace.state === 'failed' ? remedy(failed.code) : undefined;
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
              children: <Tag color={TAG_COLOURS[toneOfState(trace.state)]}>{word(trace.state)}</Tag>,
            },
            { key: 'took', label: say('took'), children: last ? duration(last.sinceFirst) : '–' },
            { key: 'from', label: say('from'), children: <span className="hostile">{trace.from}</span> },
            { key: 'to', label: say('to'), children: <span className="hostile">{trace.to}</span> },
            { key: 'id', label: say('id'), children: <code>{trace.id}</code> },
            { key: 'conversation', label: say('conversation'), children: <code>{trace.conversation}</code> },
            { key: 'price', label: say('price'), children: <Price trace={trace} /> },
          ]}
        />
        <Neighbours trace={trace} />
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
            <Moment at={steps[0].at} />
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
