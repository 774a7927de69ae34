import { Button, Flex, Tag } from 'antd';
import { textColumn } from '../../../parts/columns';
import type { Column } from '../../../parts/data-table';
import { Moment } from '../../../parts/moment';
import type { Say } from '../../../text/use-text';
import type { Delivery, Webhook } from './queries';
import type { webhookTexts } from './text';

type SayHere = Say<typeof webhookTexts>;
const STEPS = ['test', 'log', 'change', 'rotate', 'remove'] as const;
export type Step = (typeof STEPS)[number];

export function webhookColumns(
  say: SayHere,
  mayWrite: boolean,
  ask: (step: Step, webhook: Webhook) => void,
): Column<Webhook>[] {
  const steps = STEPS.filter((step) => mayWrite || step === 'log');
  return [
    {
      key: 'url',
      title: say('url'),
      value: ({ url }) => url,
      show: ({ url, note }) => (
        <>
          <span className="hostile">{url}</span>
          {note && <div className="quiet hostile">{note}</div>}
        </>
      ),
    },
    {
      key: 'kinds',
      title: say('kinds'),
      value: ({ kinds }) => kinds.map((kind) => say(kind)).join(' · '),
      show: ({ kinds }) => <span className="event-kinds">{kinds.map((kind) => say(kind)).join(' · ')}</span>,
      wide: true,
    },
    {
      key: 'enabled',
      title: say('state'),
      value: ({ enabled }) => say(enabled ? 'enabled' : 'disabled'),
      show: ({ enabled, disabledAt, failingSince }) => (
        <>
          <Tag color={enabled ? 'success' : 'default'}>{say(enabled ? 'enabled' : 'disabled')}</Tag>
          {failingSince && (
            <div className="quiet">
              {say(disabledAt ? 'disabledByHub' : 'failing')} <Moment at={failingSince} only="relative" />
            </div>
          )}
        </>
      ),
    },
    { key: 'waiting', title: say('waiting'), value: ({ waiting }) => waiting, align: 'right' },
    {
      key: 'steps',
      title: say('steps'),
      value: () => '',
      buttons: true,
      show: (webhook) => (
        <Flex gap="small" wrap>
          {steps.map((step) => (
            <Button key={step} size="small" danger={step === 'remove'} onClick={() => ask(step, webhook)}>
              {say(step)}
            </Button>
          ))}
        </Flex>
      ),
    },
  ];
}

const COLOURS = { waiting: 'processing', delivered: 'success', failed: 'error' } as const;

export function deliveryColumns(
  say: SayHere,
  redeliver: ((delivery: Delivery) => void) | undefined,
): Column<Delivery>[] {
  const columns: Column<Delivery>[] = [
    {
      key: 'createdAt',
      title: say('createdAt'),
      value: ({ createdAt }) => createdAt,
      show: ({ createdAt }) => <Moment at={createdAt} />,
    },
    { key: 'kind', title: say('kind'), value: ({ kind }) => say(kind), choose: true },
    textColumn('subject', say('subject'), { wide: true }),
    {
      key: 'state',
      title: say('outcome'),
      value: ({ state }) => say(state),
      choose: true,
      show: ({ state, status, error }) => (
        <>
          <Tag color={COLOURS[state]}>{say(state)}</Tag>{' '}
          <span className="quiet hostile">{error ?? status}</span>
        </>
      ),
    },
    { key: 'attempts', title: say('attempts'), value: ({ attempts }) => attempts, align: 'right' },
    {
      key: 'nextAt',
      title: say('nextAt'),
      value: ({ nextAt }) => nextAt,
      show: ({ nextAt }) => nextAt && <Moment at={nextAt} only="relative" />,
      wide: true,
    },
  ];
  if (!redeliver) return columns;
  const button: Column<Delivery> = {
    key: 'redeliver',
    title: say('steps'),
    value: () => '',
    buttons: true,
    show: (delivery) =>
      delivery.state !== 'waiting' && (
        <Button size="small" onClick={() => redeliver(delivery)}>
          {say('redeliver')}
        </Button>
      ),
  };
  return [...columns, button];
}
