import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';
import { useMay } from '../../../api/me';
import { meQuery } from '../../../api/session';
import { textColumn } from '../../../parts/columns';
import type { Column } from '../../../parts/data-table';
import { EmptyState } from '../../../parts/empty-state';
import { Moment } from '../../../parts/moment';
import { QueryTable } from '../../../parts/query-table';
import { useText, type Say } from '../../../text/use-text';
import { complaintTexts } from './text';

type Report = Schemas['AbuseReport'];
type Side = 'accused' | 'reporter';
const AnswerDialog = lazy(() => import('./answer-dialog'));

function columnsOf(
  say: Say<typeof complaintTexts>,
  answerTo: ((report: Report) => void) | undefined,
): Column<Report>[] {
  return [
    {
      key: 'reportedAt',
      title: say('reportedAt'),
      value: ({ reportedAt }) => reportedAt,
      show: ({ reportedAt }) => <Moment at={reportedAt} only="relative" />,
    },
    textColumn('accused', say('accused')),
    {
      key: 'reporter',
      title: say('reporter'),
      value: ({ reporterNetwork }) => reporterNetwork ?? say('hidden'),
      choose: true,
    },
    { key: 'category', title: say('category'), value: ({ category }) => say(category), choose: true },
    textColumn('note', say('note'), { wide: true }),
    {
      key: 'reference',
      title: say('reference'),
      value: ({ reference }) => reference,
      show: ({ reference }) =>
        reference && (
          <Link to="/find" search={{ q: reference }} className="code">
            {reference}
          </Link>
        ),
      wide: true,
    },
    {
      key: 'answer',
      title: say('answer'),
      value: (report) => (report.answer ? say(report.answer.action) : say('open')),
      choose: true,
      show: (report) => {
        if (report.answer)
          return (
            <>
              <Tag>{say(report.answer.action)}</Tag> <span className="hostile">{report.answer.note}</span>
            </>
          );
        return (
          <>
            <span className="quiet">
              {say('due')} <Moment at={report.dueAt} only="relative" />
            </span>{' '}
            {answerTo && (
              <Button size="small" onClick={() => answerTo(report)}>
                {say('answerIt')}
              </Button>
            )}
          </>
        );
      },
    },
  ];
}

export default function Complaints() {
  const say = useText(complaintTexts);
  const queries = useQueryClient();
  const mayAnswer = useMay()('abuse:answer');
  const isOperator = useQuery(meQuery).data?.role === 'operator';
  const [side, setSide] = useState<Side>('accused');
  const [answering, setAnswering] = useState<Report>();
  const query = useQuery({
    queryKey: ['complaints', side],
    queryFn: () =>
      allRows<Report>((cursor) =>
        answer(api.GET('/v1/abuse-reports', { params: { query: { ...pageOf(cursor), role: side } } })),
      ),
  });
  return (
    <>
      <QueryTable
        name={say('title')}
        query={query}
        columns={columnsOf(say, mayAnswer && side === 'accused' ? setAnswering : undefined)}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('noComplaints')} teach={say('noneTeach')} />}
        toolbar={isOperator && <SideChoice side={side} choose={setSide} />}
      />
      {isOperator && query.data?.rows.length === 0 && <SideChoice side={side} choose={setSide} />}
      <Suspense fallback={null}>
        {answering && (
          <AnswerDialog
            report={answering}
            close={() => setAnswering(undefined)}
            done={() => queries.invalidateQueries({ queryKey: ['complaints'] })}
          />
        )}
      </Suspense>
    </>
  );
}

/** An operator is on both sides: complaints about its people, and complaints of its people. */
function SideChoice({ side, choose }: { side: Side; choose: (side: Side) => void }) {
  const say = useText(complaintTexts);
  return (
    <Segmented<Side>
      aria-label={say('side')}
      value={side}
      options={(['accused', 'reporter'] as const).map((value) => ({ value, label: say(`${value}Side`) }))}
      onChange={choose}
    />
  );
}
