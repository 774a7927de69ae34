import { answer, api } from './client';
import type { Schemas } from './contract';

export const RANGES = ['live', 'hour', 'day', 'week'] as const;
export type Range = (typeof RANGES)[number];

export type Overview = Schemas['Overview'];
export type Problem = Overview['problems'][number];

export function readOverview(range: Range): Promise<Overview> {
  return answer(api.GET('/v1/overview', { params: { query: { range } } }));
}
