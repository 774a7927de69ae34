import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { allRows, answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { pageOf } from '../../api/lists';
import { useMay } from '../../api/me';
import { DataTable, type Column } from '../../parts/data-table';
import { EmptyState } from '../../parts/empty-state';
import { Moment } from '../../parts/moment';
import { ProblemAlert } from '../../parts/problem-alert';
import { Loaded, Screen } from '../../parts/screen';
import { inBackground } from '../../parts/in-background';
import { useText, type Say } from '../../text/use-text';
import { auditTexts } from './text';

type Entry = Schemas['AuditEntry'];
const route = getRouteApi('/audit');

function columnsOf(say: Say<typeof auditTexts>): Column<Entry>[] {
  return [
    { key: 'seq', title: say('seq'), value: ({ seq }) => seq },
    { key: 'at', title: say('at'), value: ({ at }) => at, show: ({ at }) => <Moment at={at} /> },
    {
      key: 'actor',
      title: say('actor'),
      value: ({ actor }) => actor,
      choose: true,
      show: ({ actor }) => <span className="hostile">{actor}</span>,
    },
    { key: 'action', title: say('action'), value: ({ action }) => action, choose: true },
    {
      key: 'subject',
      title: say('subject'),
      value: ({ subject }) => subject,
      show: ({ subject }) => (
        <Link to="/audit" search={{ subject }} className="hostile" title={say('subjectFilter')}>
          {subject}
        </Link>
      ),
    },
    {
      key: 'reason',
      title: say('reason'),
      value: ({ reason }) => reason,
      show: ({ reason }) => <span className="hostile">{reason}</span>,
    },
    {
      key: 'change',
      title: say('change'),
      value: ({ change }) => JSON.stringify(change),
      show: ({ change }) => <code className="change">{JSON.stringify(change)}</code>,
      wide: true,
    },
  ];
}

/** Verifies the hash chain on demand. */
function useVerification() {
  const say = useText(auditTexts);
  const check = useMutation({ mutationFn: () => answer(api.GET('/v1/audit/verify')) });
  return {
    button: (
      <Button loading={check.isPending} onClick={() => check.mutate()}>
        {say('verify')}
      </Button>
    ),
    verdict: (
      <>
        {check.error && <ProblemAlert error={check.error} />}
        {check.data &&
          (check.data.broken === undefined ? (
            <Alert
              type="success"
              showIcon
              title={say('intact', { entries: check.data.entries, root: check.data.root })}
            />
          ) : (
            <Alert type="error" showIcon title={say('broken', { seq: check.data.broken })} />
          ))}
      </>
    ),
  };
}

export default function Audit() {
  const say = useText(auditTexts);
  const may = useMay();
  const { filter, subject } = route.useSearch();
  const navigate = route.useNavigate();
  const verification = useVerification();
  const query = useQuery({
    queryKey: ['audit', subject],
    queryFn: () =>
      allRows<Entry>((cursor) =>
        answer(
          api.GET('/v1/audit', { params: { query: { ...pageOf(cursor), ...(subject && { subject }) } } }),
        ),
      ),
  });
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          {subject && (
            <Button onClick={() => inBackground(navigate({ search: {} }))}>
              {say('clear')}: <span className="hostile">{subject}</span>
            </Button>
          )}
          {may('audit:verify') && verification.button}
        </>
      }
    >
      {verification.verdict}
      <Loaded query={query}>
        {({ rows, more }) => (
          <DataTable
            name={say('title')}
            columns={columnsOf(say)}
            rows={[...rows].sort((a, b) => b.seq - a.seq)}
            more={more}
            rowKey={({ seq }) => String(seq)}
            empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
            filter={filter}
            onFilter={(next) =>
              inBackground(
                navigate({
                  search: { ...(subject && { subject }), ...(next && { filter: next }) },
                  replace: true,
                }),
              )
            }
          />
        )}
      </Loaded>
    </Screen>
  );
}
