import { answer, api } from '../../api/client';
import type { Action, DisputeDetail } from './lifecycle';

export interface StepFields {
  text: string;
  envelopeHash?: string;
  /** Side that a ruling favours. */
  for?: 'claimant' | 'respondent';
}

/** Sends the step, for the version that was read. Steps of admins are proposals. */
export function takeStep(
  { id, version }: Pick<DisputeDetail, 'id' | 'version'>,
  action: Action,
  { text, envelopeHash = '', for: favoured = 'claimant' }: StepFields,
): Promise<unknown> {
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  switch (action) {
    case 'request-evidence':
      return answer(api.POST('/v1/disputes/{id}/request-evidence', { params, body: { text } }));
    case 'answer':
      return answer(api.POST('/v1/disputes/{id}/answer', { params, body: { text, envelopeHash } }));
    case 'charge-back':
      return answer(api.POST('/v1/disputes/{id}/charge-back', { params, body: { text } }));
    case 'represent':
      return answer(api.POST('/v1/disputes/{id}/represent', { params, body: { text, envelopeHash } }));
    case 'arbitrate':
      return answer(api.POST('/v1/disputes/{id}/arbitrate', { params, body: { for: favoured, text } }));
    case 'confirm-default':
      return answer(api.POST('/v1/disputes/{id}/review', { params, body: { decision: 'confirm', text } }));
    case 'overturn-default':
      return answer(api.POST('/v1/disputes/{id}/review', { params, body: { decision: 'overturn', text } }));
    case 'accept':
      return answer(api.POST('/v1/disputes/{id}/accept', { params, body: { text } }));
    case 'withdraw':
      return answer(api.POST('/v1/disputes/{id}/withdraw', { params, body: { text } }));
  }
}
