/** How the phone of a person on XMPP looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'XMPP', zh: 'XMPP' },
  bubble: 'round',
  colours: {
    accent: '#7b4bd1',
    header: '#5b3aa6',
    headerText: '#ffffff',
    paper: '#f3f0fa',
    mine: '#dccdfb',
    mineText: '#22163f',
    theirs: '#ffffff',
    theirsText: '#241f33',
  },
  sends: ['image', 'voice', 'place'],
  voice: 'audio/ogg',
  presence: true,
  // XEP-0147.
  chatLink: (jid) => `xmpp:${jid.split('@').map(encodeURIComponent).join('@')}?message`,
};
