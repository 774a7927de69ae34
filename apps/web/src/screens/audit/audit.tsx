import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { Suspense } from 'react';
import { answer, api } from '../../api/client';
import { useMay } from '../../api/me';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { lazyComponent } from '../../parts/lazy-component';
import { ProblemAlert } from '../../parts/problem-alert';
import { Loaded, Loading, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { columnsOf, type Entry } from './columns';
import { exportAddress, filtersOf, type AuditFilters } from './filters';
import { FilterForm } from './filter-form';
import { auditTexts } from './text';
import './audit.css';

const Table = lazyComponent(() => import('../../parts/server-table'));
const route = getRouteApi('/audit');
const ROWS = 50;

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

function readPage(filters: AuditFilters, page: string | undefined) {
  const query = { ...filters, order: 'newest' as const, limit: ROWS, ...(page && { cursor: page }) };
  return answer(api.GET('/v1/audit', { params: { query } }));
}

export default function Audit() {
  const say = useText(auditTexts);
  const may = useMay();
  const { page, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const verification = useVerification();
  const filters = filtersOf(search);
  const query = useQuery({
    queryKey: ['audit', filters, page],
    queryFn: () => readPage(filters, page),
    placeholderData: keepPreviousData,
  });
  const open = (next: AuditFilters & { page?: string }) => inBackground(navigate({ search: next }));
  return (
    <Screen
      title={say('title')}
      lead={say('lead')}
      actions={
        <>
          <Button href={exportAddress(filters, 'csv')} download>
            {say('csv')}
          </Button>
          <Button href={exportAddress(filters, 'ndjson')} download>
            {say('ndjson')}
          </Button>
          {may('audit:verify') && verification.button}
        </>
      }
    >
      {verification.verdict}
      <FilterForm key={JSON.stringify(filters)} filters={filters} apply={open} />
      <Loaded query={query}>
        {({ items, next }) => (
          <Suspense fallback={<Loading />}>
            <Table<Entry>
              name={say('title')}
              columns={columnsOf(say)}
              rows={items}
              rowKey={({ seq }) => String(seq)}
              empty={<EmptyState title={say('none')} teach={say('noneTeach')} />}
              first={page === undefined ? undefined : () => open(filters)}
              next={next === null ? undefined : () => open({ ...filters, page: next })}
            />
          </Suspense>
        )}
      </Loaded>
    </Screen>
  );
}
