/** How an adapter's state follows from what it says of itself. Pure. */
import type { AdapterState } from '#protocol';

/** A certificate is of one build and one declaration. What was revoked stays so, whatever it calls itself now. */
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

/** What time and a new suite do to a certified adapter. */
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
