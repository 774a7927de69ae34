/** How the phone of a person on Fetion looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'Fetion', zh: '飞信' },
  bubble: 'square',
  colours: {
    accent: '#1173c7',
    header: '#0d63ad',
    headerText: '#ffffff',
    paper: '#e4f1fc',
    mine: '#bfe0ff',
    mineText: '#0d2b47',
    theirs: '#fffbe6',
    theirsText: '#33301f',
  },
  sends: [],
  presence: true,
  people: ['老张', '小美'],
};
