/** State of an adapter that follows from its declaration at sign-on. Pure functions. */
import type { AdapterState } from '#protocol';

/** A certificate is valid for one build and one declaration of capabilities. A revoked adapter stays revoked with any build. */
export function afterSignOn(state: AdapterState, changed: boolean): AdapterState {
  switch (state) {
    case 'draft':
      return 'sandbox';
    case 'certified':
    case 'expired':
      return changed ? 'sandbox' : state;
    case 'sandbox':
    case 'revoked':
      return state;
  }
}

export interface Certificate {
  suite: string;
  validUntil: Date;
}

/** Whether a certificate has expired or belongs to another version of the suite. */
export function afterAWhile(
  { suite, validUntil }: Certificate,
  currentSuite: string,
  now: Date,
): { state: AdapterState; reason: string } {
  if (now >= validUntil)
    return { state: 'expired', reason: `it was valid until ${validUntil.toISOString()}` };
  if (suite !== currentSuite)
    return { state: 'sandbox', reason: `it was of version ${suite} of the suite, now it is ${currentSuite}` };
  return { state: 'certified', reason: '' };
}
