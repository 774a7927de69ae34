/** What may be expected of a network behind the open interface. */
import { everything, type Expectation } from '#adapter-contract';
import { NO_ROOMS } from '../../../test/contract/simulated-home.js';
import { capabilitiesOf, loadProfile } from '../src/profiles.js';

export const onOpenNetwork: Expectation = {
  hasNoRooms: NO_ROOMS,
  ...everything(capabilitiesOf('generic', loadProfile('generic'))),
  saysUnknown: ({ kind, text }) => kind === 'error' && (text ?? '').includes('14'),
  without: {
    shownAvatar: 'the simulated client keeps no pictures of others; the adapter has its own test of avatars',
  },
  hasNoOddity:
    'all that the open interface can say has a canonical form; anything else is refused to the network',
};
