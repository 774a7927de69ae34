/** The standing rule of an operator who accepts whatever two admins agree on: for tests in which consent is not the subject. */
import { ANY_NETWORK, TRAFFIC_CLASSES } from '#protocol';
import { RULE_KINDS } from '../../apps/console/src/exchange/acceptance-rules.js';

export const ACCEPT_ALL = {
  terms: {
    kinds: RULE_KINDS,
    counterparts: [ANY_NETWORK],
    classes: TRAFFIC_CLASSES,
    maxTerminationFee: '999',
    maxSwitchFee: '999',
    withShares: true,
  },
  reason: 'a test',
};
