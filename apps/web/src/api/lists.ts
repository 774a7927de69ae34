/** Lists of the registry, each read to its end. */
import { queryOptions } from '@tanstack/react-query';
import { allRows, answer, api } from './client';
import type { Schemas } from './contract';
import { pollMs } from './live';

export type Network = Schemas['NetworkView'];
export type Operator = Schemas['OperatorView'];
export type Agreement = Schemas['AgreementView'];
export type Tariff = Schemas['TariffView'];
export type Route = Schemas['RouteView'];
export type Person = Schemas['Person'];
export type ListedPerson = Schemas['ListedPerson'];

/** Rows of one request. */
const LIMIT = 200;

export function pageOf(cursor: string | undefined): { limit: number; cursor?: string } {
  return cursor === undefined ? { limit: LIMIT } : { limit: LIMIT, cursor };
}

export const networksQuery = queryOptions({
  queryKey: ['networks'],
  queryFn: () =>
    allRows<Network>((cursor) => answer(api.GET('/v1/networks', { params: { query: pageOf(cursor) } }))),
  refetchInterval: () => pollMs(15_000),
});

export const operatorsQuery = queryOptions({
  queryKey: ['operators'],
  queryFn: () =>
    allRows<Operator>((cursor) => answer(api.GET('/v1/operators', { params: { query: pageOf(cursor) } }))),
});

export const agreementsQuery = queryOptions({
  queryKey: ['agreements'],
  queryFn: () =>
    allRows<Agreement>((cursor) => answer(api.GET('/v1/agreements', { params: { query: pageOf(cursor) } }))),
});

export const tariffsQuery = queryOptions({
  queryKey: ['tariffs'],
  queryFn: () =>
    allRows<Tariff>((cursor) => answer(api.GET('/v1/tariffs', { params: { query: pageOf(cursor) } }))),
});

export const routesQuery = queryOptions({
  queryKey: ['routes'],
  queryFn: () =>
    allRows<Route>((cursor) => answer(api.GET('/v1/routes', { params: { query: pageOf(cursor) } }))),
});

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: () =>
    allRows<ListedPerson>((cursor) => answer(api.GET('/v1/people', { params: { query: pageOf(cursor) } }))),
});
