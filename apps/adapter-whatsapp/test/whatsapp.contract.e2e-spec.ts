/** The contract suite: WhatsApp, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { WHATSAPP_CAPABILITIES } from '../src/whatsapp.config.js';
import { whatsappHome } from './whatsapp.home.js';

/** A native thing without a canonical form: Meta says of what it does not hand out only that it came. */
const anEdit: Oddity = (word, to) => ({
  act: { do: 'edit', to, target: 'any', text: word },
  words: 'unsupported',
});

keepsTheContract(
  'adapter-whatsapp on a simulated WhatsApp',
  'simulated',
  {
    capabilities: WHATSAPP_CAPABILITIES,
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'react', 'markRead', 'sendFile', 'rename'],
    without: {
      edit: 'WhatsApp tells a business of no edits',
      recall: 'WhatsApp tells a business of no recalls',
      look: 'WhatsApp tells a business no pictures of people',
      type: 'WhatsApp tells a business of no typing',
    },
    hasNoLateFailure:
      'after the device has a message, WhatsApp reports no failure of it; src/statuses.spec.ts has those that come before',
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('no such person'),
  },
  (hub) => simulated(hub, 'whatsapp', 'ann', () => whatsappHome(hub), anEdit),
);
