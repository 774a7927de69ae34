/** The contract suite for one profile: the same network, behind a gateway of another carrier. */
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import type { SmsProtocol } from '../simulator/index.js';
import { SMS_CAPABILITIES } from '../src/sms.config.js';
import { smsHome } from './sms.home.js';

export function smsKeepsTheContract(protocol: SmsProtocol, gateway: string): void {
  keepsTheContract(
    `adapter-sms on a simulated ${gateway}`,
    'simulated',
    {
      capabilities: SMS_CAPABILITIES,
      hasNoRooms: NO_ROOMS,
      hasNoOddity:
        'telephones of the simulated carrier send text alone; binary messages are in src/inbound.spec.ts',
      annCan: [],
      without: {
        reply: 'a short message does not name the message that it answers',
        edit: 'telephones edit no short messages',
        recall: 'telephones recall no short messages',
        react: 'telephones have no reactions to short messages',
        rename: 'carriers tell no names of people',
        look: 'carriers tell no pictures of people',
        type: 'carriers tell of no typing',
      },
      sendsAtMostOnce: 'a gateway recognises a repeated message only while it is not answered',
      hasNoLateFailure:
        'after a telephone has a message, no failure of it is reported; src/reports.spec.ts has those that come before',
      ghosts: false,
      saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
    },
    (hub) => simulated(hub, 'sms', 'ann', () => smsHome(hub, protocol)),
  );
}
