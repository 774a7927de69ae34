import type { ResolvedBy } from './events.js';

/** How the switch resolved an address, as a line of the trace. */
export const RESOLUTION_WORDS: Record<ResolvedBy, string> = {
  ported: 'number: ported',
  preferred: 'number: preferred network of the person',
  own: 'number: its own network, by the longest prefix',
  rcs: 'number: as 5G message',
  sms: 'number: as SMS',
  voice: 'number: by a telephone call',
  domain: 'another name of the network',
};
