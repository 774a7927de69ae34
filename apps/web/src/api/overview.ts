import { call } from './client';

export const RANGES = ['live', 'hour', 'day', 'week'] as const;
export type Range = (typeof RANGES)[number];

export interface Point {
  at: string;
  messages: number;
  failed: number;
}

export interface Problem {
  kind: string;
  severity: 'critical' | 'warning';
  subject: string;
  words: string;
  todo: string;
  at?: string | null;
}

export interface Overview {
  at: string;
  perSecond: number;
  inFlight: number;
  waiting: number;
  failed: number;
  p50Ms: number | null;
  p99Ms: number | null;
  failedByCode: { code: string; messages: number }[];
  businessDay: { date: string; state: 'open' | 'closed' } | null;
  problems: Problem[];
  series: Point[];
}

export function readOverview(range: Range): Promise<Overview> {
  return call<Overview>(`/v1/overview?range=${range}`);
}
