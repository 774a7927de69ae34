import { call } from './client';

export const HIT_KINDS = [
  'message',
  'address',
  'number',
  'network',
  'operator',
  'business-day',
  'dead-letter',
  'change',
  'dispute',
  'agreement',
  'person',
] as const;
export type HitKind = (typeof HIT_KINDS)[number];

export interface Hit {
  kind: HitKind;
  id: string;
  /** What it is, in words of people: never HTML. */
  words?: string | null;
  at?: string | null;
}

export async function findAll(text: string): Promise<Hit[]> {
  const { items } = await call<{ items: Hit[] }>(`/v1/find?${new URLSearchParams({ q: text })}`);
  return items;
}
