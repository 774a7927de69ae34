import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Descriptions, Flex } from 'antd';
import { useState } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { useMay } from '../../../api/me';
import { DataTable, type Column } from '../../../parts/data-table';
import { Loaded } from '../../../parts/screen';
import { useText, type Say } from '../../../text/use-text';
import { reconcileTexts } from './text';

type Difference = Schemas['RecordDifference'];
type Words = Say<typeof reconcileTexts>;

/** Where a difference leads: to its dispute, or to the form of one. */
function NextStep({ difference, say }: { difference: Difference; say: Words }) {
  const { disputable, dispute, reference, toNetwork } = difference;
  if (dispute !== null)
    return (
      <Link to="/disputes" search={{ dispute }}>
        {say('disputed')}
      </Link>
    );
  if (!disputable) return null;
  return (
    <Link to="/disputes" search={{ reference, to: toNetwork }}>
      {say('dispute')}
    </Link>
  );
}

function columnsOf(say: Words, mayDispute: boolean): Column<Difference>[] {
  return [
    { key: 'kind', title: say('kind'), value: ({ kind }) => say(kind), choose: true },
    {
      key: 'reference',
      title: say('reference'),
      value: ({ reference }) => reference,
      show: ({ reference }) => <code className="hostile">{reference}</code>,
    },
    { key: 'to', title: say('to'), value: ({ toNetwork }) => toNetwork, choose: true },
    { key: 'field', title: say('field'), value: ({ field }) => field, choose: true },
    { key: 'own', title: say('own'), value: ({ own }) => own, align: 'right' },
    { key: 'billed', title: say('billed'), value: ({ billed }) => billed, align: 'right' },
    ...(mayDispute
      ? [
          {
            key: 'dispute',
            title: say('next'),
            value: () => '',
            buttons: true,
            show: (difference: Difference) => <NextStep difference={difference} say={say} />,
          },
        ]
      : []),
  ];
}

/** What one comparison found: figures, differences to read and to save. */
export function ReconciliationResult({
  date,
  reconciliation,
}: {
  date: string;
  reconciliation: Schemas['Reconciliation'];
}) {
  const say = useText(reconcileTexts);
  const [filter, setFilter] = useState<string>();
  const mayDispute = useMay()('disputes:write');
  const { id, own, billed, same, differences } = reconciliation;
  const count = Object.values(differences).reduce((sum, one) => sum + one, 0);
  const path = { date, id };
  const query = useQuery({
    queryKey: ['reconciliation', date, id],
    queryFn: () =>
      allRows<Difference>((cursor) =>
        answer(
          api.GET('/v1/business-days/{date}/reconciliations/{id}/differences', {
            params: { path, query: pageOf(cursor) },
          }),
        ),
      ),
  });
  return (
    <Flex vertical gap="middle">
      <Alert
        type={count === 0 ? 'success' : 'warning'}
        showIcon
        role="status"
        title={count === 0 ? say('allSame') : say('found', { count })}
      />
      <Descriptions
        size="small"
        items={[
          { key: 'own', label: say('ownRecords'), children: own },
          { key: 'billed', label: say('billedRecords'), children: billed },
          { key: 'same', label: say('same'), children: same },
          ...(['only-own', 'only-billed', 'other-value', 'repeated'] as const).map((kind) => ({
            key: kind,
            label: say(kind),
            children: differences[kind],
          })),
        ]}
      />
      {count > 0 && (
        <p>
          {say('save')}{' '}
          {(['csv', 'ndjson'] as const).map((format) => (
            <a
              key={format}
              className="download"
              href={`/v1/business-days/${encodeURIComponent(date)}/reconciliations/${id}/file?format=${format}`}
              download
              aria-label={say('saveAs', { format: format.toUpperCase() })}
            >
              {format.toUpperCase()}
            </a>
          ))}
        </p>
      )}
      <Loaded query={query}>
        {({ rows, more }) => (
          <DataTable<Difference>
            name={say('differences')}
            columns={columnsOf(say, mayDispute)}
            rows={rows}
            more={more}
            rowKey={({ kind, reference, toNetwork, field }) =>
              `${kind} ${reference} ${toNetwork} ${field ?? ''}`
            }
            empty={null}
            filter={filter}
            onFilter={setFilter}
          />
        )}
      </Loaded>
    </Flex>
  );
}
