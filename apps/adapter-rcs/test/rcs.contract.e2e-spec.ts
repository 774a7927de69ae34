/** The contract suite: 5G messages through the XML interface of China Mobile, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { RCS_CAPABILITIES } from '../src/rcs.config.js';
import { rcsHome } from './rcs.home.js';

/** A native thing without a canonical form: an answer that a message offered, which the person chose. */
const aSuggestion: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'link', fields: { title: word } },
  words: word,
});

keepsTheContract(
  'adapter-rcs on a simulated platform for 5G messages, in XML',
  'simulated',
  {
    capabilities: RCS_CAPABILITIES,
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'markRead', 'sendFile'],
    without: {
      edit: 'telephones edit no messages',
      recall: 'a telephone does not tell the chatbot of a recall',
      react: 'a telephone does not tell the chatbot of reactions',
      rename: 'a platform tells a chatbot no names of people',
      look: 'a platform tells a chatbot no pictures of people',
      type: 'a platform tells a chatbot of no typing',
    },
    recallsOnlyUnread: 'a platform recalls only what no telephone has yet',
    sendsAtMostOnce: 'a platform of China Mobile neither recognises a repeated message nor says which it has',
    hasNoLateFailure:
      'after a telephone has a message, no failure of it is reported; test/both-dialects.int-spec.ts has those that come before',
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
  },
  (hub) => simulated(hub, 'rcs', 'ann', () => rcsHome(hub, 'xml'), aSuggestion),
);
