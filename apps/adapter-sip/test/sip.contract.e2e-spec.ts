/** The contract suite: Youxin, with simulated softphones. */
import type { Expectation } from '#adapter-contract';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { SIP_CAPABILITIES } from '../src/sip.capabilities.js';
import { sipHome } from './sip.home.js';

const youxin: Expectation = {
  capabilities: SIP_CAPABILITIES,
  annCan: ['type', 'markRead', 'rename'],
  without: {
    reply: 'a MESSAGE does not name the message that it answers',
    look: 'a softphone shows no pictures of people',
  },
  hasNoRooms: NO_ROOMS,
  hasNoOddity:
    'a phone sends text, and what else it might send is answered with 415: sip.connection.int-spec',
  hasNoLateFailure: 'a phone that answers 200 shows the message; only a network behind the trunk fails later',
  ghosts: true,
  saysUnknown: ({ text }) => (text ?? '').includes('（14）'),
  sendsAtMostOnce: 'SIP has no message id that every phone knows again',
};

keepsTheContract('adapter-sip on simulated softphones over UDP', 'simulated', youxin, (hub) =>
  simulated(hub, 'youxin', 'ann', () => sipHome(hub)),
);
