import { answer, api } from './client';
import type { Schemas } from './contract';

export type Hit = Schemas['Hits']['items'][number];
export type HitKind = Hit['kind'];

export async function findAll(text: string): Promise<Hit[]> {
  const { items } = await answer(api.GET('/v1/find', { params: { query: { q: text } } }));
  return items;
}
