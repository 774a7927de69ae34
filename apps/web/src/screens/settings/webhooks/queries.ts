import { queryOptions } from '@tanstack/react-query';
import { allRows, answer, api } from '../../../api/client';
import type { Schemas } from '../../../api/contract';
import { pageOf } from '../../../api/lists';

export type Webhook = Schemas['Webhook'];
export type EventKind = Webhook['kinds'][number];
export type Delivery = Schemas['WebhookDelivery'];

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: () =>
    allRows<Webhook>((cursor) => answer(api.GET('/v1/webhooks', { params: { query: pageOf(cursor) } }))),
});

/** Read again while an attempt can be under way. */
export function deliveriesQuery(id: string) {
  return queryOptions({
    queryKey: ['deliveries', id],
    queryFn: () =>
      allRows<Delivery>((cursor) =>
        answer(api.GET('/v1/webhooks/{id}/deliveries', { params: { path: { id }, query: pageOf(cursor) } })),
      ),
    refetchInterval: 5000,
  });
}
