import type { AdapterState } from '#protocol';
import { afterAWhile, afterSignOn } from './adapter-state.js';

test.each<[AdapterState, same: AdapterState, changed: AdapterState]>([
  ['draft', 'sandbox', 'sandbox'],
  ['sandbox', 'sandbox', 'sandbox'],
  ['certified', 'certified', 'sandbox'],
  ['expired', 'expired', 'sandbox'],
  ['revoked', 'revoked', 'revoked'],
])('%s signs on: %s as it was, %s as another build', (state, same, changed) => {
  expect(afterSignOn(state, false)).toBe(same);
  expect(afterSignOn(state, true)).toBe(changed);
});

test.each<[string, string, AdapterState]>([
  ['2026-11-21T00:00:00Z', '1', 'certified'],
  ['2026-11-22T00:00:00Z', '1', 'expired'],
  ['2026-11-21T00:00:00Z', '2', 'sandbox'],
  ['2026-11-23T00:00:00Z', '2', 'expired'],
])('at %s, with suite %s, a certificate until 22 November is %s', (now, suite, state) => {
  const certificate = { suite: '1', validUntil: new Date('2026-11-22T00:00:00Z') };
  expect(afterAWhile(certificate, suite, new Date(now)).state).toBe(state);
});
