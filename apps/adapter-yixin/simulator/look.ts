/** How the phone of a person on Yixin looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'Yixin', zh: '易信' },
  bubble: 'tail',
  colours: {
    accent: '#1fb6a6',
    header: '#21c1b0',
    headerText: '#ffffff',
    paper: '#eef6f5',
    mine: '#b7efe6',
    mineText: '#0c2f2b',
    theirs: '#ffffff',
    theirsText: '#1d2a29',
  },
  sends: ['image', 'voice', 'place'],
  voice: 'audio/amr',
  people: ['老王', '小吴'],
  named: true,
};
