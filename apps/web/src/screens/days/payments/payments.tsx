import { useQuery } from '@tanstack/react-query';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { yuan } from '../../../format/money';
import type { Column } from '../../../parts/data-table';
import { Moment } from '../../../parts/moment';
import { QueryTable } from '../../../parts/query-table';
import { Panel } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { paymentTexts } from './text';

type Payment = Schemas['Payment'];

function columnsOf(say: Say<typeof paymentTexts>): Column<Payment>[] {
  return [
    { key: 'party', title: say('party'), value: ({ party }) => party, choose: true },
    {
      key: 'amount',
      title: say('amount'),
      value: ({ amount }) => amount,
      show: ({ amount }) => yuan(amount),
      align: 'right',
    },
    { key: 'paidOn', title: say('paidOn'), value: ({ paidOn }) => paidOn },
    {
      key: 'reference',
      title: say('reference'),
      value: ({ reference }) => reference,
      show: ({ reference }) => <span className="hostile">{reference}</span>,
    },
    { key: 'recordedBy', title: say('recordedBy'), value: ({ recordedBy }) => recordedBy ?? '–', wide: true },
    { key: 'approvedBy', title: say('approvedBy'), value: ({ approvedBy }) => approvedBy ?? '–', wide: true },
    {
      key: 'recordedAt',
      title: say('recordedAt'),
      value: ({ recordedAt }) => recordedAt,
      show: ({ recordedAt }) => <Moment at={recordedAt} only="absolute" />,
      wide: true,
    },
    { key: 'statement', title: say('statement'), value: ({ statementDate }) => statementDate ?? '–' },
  ];
}

/** Payments of the positions of a day. */
export function PaymentsPanel({ date }: { date: string }) {
  const say = useText(paymentTexts);
  const query = useQuery({
    queryKey: ['payments', date],
    queryFn: () =>
      allRows<Payment>((cursor) =>
        answer(api.GET('/v1/payments', { params: { query: { ...pageOf(cursor), date } } })),
      ),
  });
  return (
    <Panel title={say('title')}>
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say)}
        rowKey={({ id }) => id}
        empty={<p className="quiet">{say('none')}</p>}
      />
    </Panel>
  );
}
