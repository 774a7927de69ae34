import { Tag } from 'antd';
import type { Agreement, Route, Tariff } from '../../api/lists';
import { yuan } from '../../format/money';
import { amountColumn } from '../../parts/columns';
import type { Column } from '../../parts/data-table';
import { Moment } from '../../parts/moment';
import type { Say } from '../../text/use-text';
import type { agreementTexts } from './text';

type SayHere = Say<typeof agreementTexts>;
type Word = (name: string) => string;

function network(slug: string, say: SayHere): string {
  return slug === '*' ? say('anyNetwork') : slug;
}

function pair<Row extends { from: string; to: string }>(say: SayHere): Column<Row>[] {
  return [
    { key: 'from', title: say('from'), value: ({ from }) => network(from, say), choose: true },
    { key: 'to', title: say('to'), value: ({ to }) => network(to, say), choose: true },
  ];
}

function limitsOf({ limits }: Agreement, say: SayHere): string {
  if (!limits) return '';
  const { perSecond, perSenderPerMinute, newContactsPerDay } = limits;
  return [
    perSecond !== undefined && say('perSecond', { count: perSecond }),
    perSenderPerMinute !== undefined && say('perSender', { count: perSenderPerMinute }),
    newContactsPerDay !== undefined && say('newContacts', { count: newContactsPerDay }),
  ]
    .filter(Boolean)
    .join(' · ');
}

export function agreementColumns(say: SayHere, classWord: Word): Column<Agreement>[] {
  return [
    ...pair<Agreement>(say),
    {
      key: 'classes',
      title: say('classes'),
      value: ({ classes }) => classes.map(classWord).join(' '),
      show: ({ classes }) => classes.map((name) => <Tag key={name}>{classWord(name)}</Tag>),
    },
    { key: 'limits', title: say('limits'), value: (row) => limitsOf(row, say), wide: true },
    {
      key: 'validFrom',
      title: say('validFrom'),
      value: ({ validFrom }) => validFrom,
      show: ({ validFrom }) => <Moment at={validFrom} only="absolute" />,
    },
    {
      key: 'validTo',
      title: say('validTo'),
      value: ({ validTo }) => validTo,
      show: ({ validTo }) => (validTo ? <Moment at={validTo} only="absolute" /> : say('noEnd')),
    },
  ];
}

export function tariffColumns(say: SayHere, classWord: Word): Column<Tariff>[] {
  return [
    ...pair<Tariff>(say),
    { key: 'class', title: say('class'), value: (row) => classWord(row.class), choose: true },
    { key: 'unit', title: say('unit'), value: ({ unit }) => unit, wide: true },
    {
      key: 'termination',
      title: say('termination'),
      value: ({ terminationFee }) => terminationFee,
      show: ({ terminationFee }) => yuan(terminationFee),
      align: 'right',
    },
    amountColumn('switchFee', say('switchFee')),
    {
      key: 'validFrom',
      title: say('validFrom'),
      value: ({ validFrom }) => validFrom,
      show: ({ validFrom }) => <Moment at={validFrom} only="absolute" />,
    },
  ];
}

export function routeColumns(say: SayHere): Column<Route>[] {
  return [
    { key: 'kind', title: say('kind'), value: ({ kind }) => say(kind), choose: true },
    { key: 'key', title: say('key'), value: ({ key }) => key },
    { key: 'network', title: say('network'), value: (row) => row.network, choose: true },
    {
      key: 'since',
      title: say('since'),
      value: ({ since }) => since,
      show: ({ since }) => <Moment at={since} only="absolute" />,
    },
  ];
}
