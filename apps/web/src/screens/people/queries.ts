import { queryOptions } from '@tanstack/react-query';
import { allRows, answer, api } from '../../api/client';
import type { Schemas } from '../../api/contract';
import { pageOf } from '../../api/lists';

export type Person = Schemas['SubscriberPerson'];
export type PersonNumber = Person['numbers'][number];
export type PersonAddress = Person['addresses'][number];
export type PersonLink = PersonNumber['links'][number];
export type Ported = Schemas['PortedView'];

/** Read once, and again after changes only: each look-up is written to the audit log. */
export const personQuery = (of: string) =>
  queryOptions({
    queryKey: ['person', of],
    queryFn: () => answer(api.GET('/v1/subscribers/person', { params: { query: { of } } })),
    staleTime: Infinity,
    retry: false,
  });

export const portedQuery = queryOptions({
  queryKey: ['ported'],
  queryFn: () =>
    allRows<Ported>((cursor) => answer(api.GET('/v1/routes/ported', { params: { query: pageOf(cursor) } }))),
});
