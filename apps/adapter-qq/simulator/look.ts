/** How the phone of a person on QQ looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'QQ', zh: 'QQ' },
  bubble: 'round',
  colours: {
    accent: '#0b7bd3',
    header: '#12a0f0',
    headerText: '#ffffff',
    paper: '#f2f4f7',
    mine: '#1b8ef2',
    mineText: '#ffffff',
    theirs: '#ffffff',
    theirsText: '#141414',
  },
  sends: ['image', 'voice', 'place', 'sticker'],
  voice: 'audio/amr',
  people: ['小明', '小芳'],
  named: true,
};
