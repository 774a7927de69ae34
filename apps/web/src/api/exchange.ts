/** Proposals, previews and the history of agreements, tariffs, routes and the phase. */
import { answer, api } from './client';
import type { Schemas } from './contract';

export type Change = Schemas['Change'];
export type Preview = Schemas['ChangePreview'];
export type PreviewableChange = Schemas['PreviewableChange'];
export type Version = Schemas['Version'];
/** Changes that are proposed on the screen of agreements. */
export type Proposal = Extract<
  PreviewableChange,
  { kind: `agreement.${string}` | 'tariff.pair' | `route.${string}` | 'phase.set' }
>;

export function preview(change: PreviewableChange): Promise<Preview> {
  return answer(api.POST('/v1/changes:preview', { body: { change } }));
}

export function propose(change: Proposal, reason: string): Promise<Change> {
  switch (change.kind) {
    case 'agreement.add':
      return answer(api.POST('/v1/agreements', { body: { terms: change.terms, reason } }));
    case 'agreement.replace':
      return answer(
        api.PUT('/v1/agreements/{id}', { params: versioned(change), body: { terms: change.terms, reason } }),
      );
    case 'agreement.end':
      return answer(api.DELETE('/v1/agreements/{id}', { params: versioned(change), body: { reason } }));
    case 'tariff.pair':
      return answer(api.POST('/v1/tariffs/pairs', { body: { terms: change.terms, reason } }));
    case 'route.set':
      return answer(api.POST('/v1/routes', { body: { terms: change.terms, reason } }));
    case 'route.remove':
      return answer(api.DELETE('/v1/routes', { body: { terms: change.terms, reason } }));
    case 'phase.set': {
      const header = { 'If-Match': `"${change.version}"` };
      return answer(api.PUT('/v1/phase', { params: { header }, body: { terms: change.terms, reason } }));
    }
  }
}

function versioned({ id, version }: { id: string; version: number }) {
  return { path: { id }, header: { 'If-Match': `"${version}"` } };
}

export interface VersionedPhase {
  phase: Schemas['Phase'];
  version: number;
}

export async function readPhase(): Promise<VersionedPhase> {
  const request = api.GET('/v1/phase');
  const phase = await answer(request);
  const tag = (await request).response.headers.get('etag') ?? '';
  return { phase, version: Number(/\d+/.exec(tag)?.[0] ?? 0) };
}

export type HistoryOf =
  | { of: 'agreement'; id: string; title: string }
  | { of: 'tariff'; from: string; to: string; class: Schemas['TariffView']['class']; title: string }
  | { of: 'route'; kind: Schemas['RouteView']['kind']; key: string; title: string }
  | { of: 'phase'; title: string };

/** Versions shown at once. */
const LIMIT = 50;

export function readHistory(one: HistoryOf): Promise<{ items: Version[]; next: string | null }> {
  switch (one.of) {
    case 'agreement':
      return answer(
        api.GET('/v1/agreements/{id}/history', { params: { path: { id: one.id }, query: { limit: LIMIT } } }),
      );
    case 'tariff': {
      const { from, to, class: kind } = one;
      const query = { from, to, class: kind, limit: LIMIT };
      return answer(api.GET('/v1/tariffs/history', { params: { query } }));
    }
    case 'route':
      return answer(
        api.GET('/v1/routes/history', { params: { query: { kind: one.kind, key: one.key, limit: LIMIT } } }),
      );
    case 'phase':
      return answer(api.GET('/v1/phase/history', { params: { query: { limit: LIMIT } } }));
  }
}
