/** How the phone of a person on Matrix looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'Matrix', zh: 'Matrix' },
  bubble: 'line',
  colours: {
    accent: '#0a8754',
    header: '#ffffff',
    headerText: '#17191c',
    paper: '#ffffff',
    mine: '#e7f8f1',
    mineText: '#17191c',
    theirs: '#f0f2f5',
    theirsText: '#17191c',
  },
  sends: ['image', 'voice', 'place'],
  voice: 'audio/ogg',
  presence: true,
  reactionsOneByOne: true,
  // MSC2312.
  chatLink: (userId) => `matrix:u/${encodeURIComponent(userId.slice(1)).replaceAll('%3A', ':')}?action=chat`,
};
