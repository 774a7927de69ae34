/** How the phone of a person on Feiliao looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'Feiliao', zh: '飞聊' },
  bubble: 'round',
  colours: {
    accent: '#f0642f',
    header: '#fb7a3c',
    headerText: '#ffffff',
    paper: '#fff4ec',
    mine: '#ffd3b5',
    mineText: '#3b1a08',
    theirs: '#ffffff',
    theirsText: '#2b231e',
  },
  sends: ['image', 'voice', 'place', 'card', 'sticker'],
  voice: 'audio/amr',
  presence: true,
  people: ['小飞', '小芬'],
  named: true,
};
