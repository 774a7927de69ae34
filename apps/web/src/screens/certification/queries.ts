/** What the screen reads. A report is read again each second while its run lasts. */
import { queryOptions } from '@tanstack/react-query';
import { allRows, answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { pageOf } from '../../api/lists';

export type Line = Schemas['CertificationLine'];
export type Certification = Schemas['Certification'];
export type SuiteCase = Schemas['CertificationSuite']['cases'][number];

const WATCH_MS = 1000;
/** The list only shows that a run goes on. */
const WATCH_LIST_MS = 5000;

export const runsQuery = (network: string) =>
  queryOptions({
    queryKey: ['certifications', network],
    queryFn: () =>
      allRows<Line>((cursor) =>
        answer(
          api.GET('/v1/networks/{network}/certifications', {
            params: { path: { network }, query: pageOf(cursor) },
          }),
        ),
      ),
    refetchInterval: ({ state }) =>
      state.data?.rows.some((row) => row.state === 'running') ? WATCH_LIST_MS : false,
  });

export const reportQuery = (network: string, id: string) =>
  queryOptions({
    queryKey: ['certifications', network, id],
    queryFn: () =>
      answer(api.GET('/v1/networks/{network}/certifications/{id}', { params: { path: { network, id } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? WATCH_MS : false),
  });

export const suiteQuery = queryOptions({
  queryKey: ['certification-cases'],
  staleTime: Infinity,
  queryFn: () => answer(api.GET('/v1/certification-cases')),
});
