/** How the phone of a person on Telegram looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'Telegram', zh: 'Telegram' },
  bubble: 'tail',
  colours: {
    accent: '#2b87c9',
    header: '#ffffff',
    headerText: '#1a1a1a',
    paper: '#cfe0d0',
    mine: '#e7fdd0',
    mineText: '#1a1a1a',
    theirs: '#ffffff',
    theirsText: '#1a1a1a',
  },
  sends: ['image', 'voice', 'place', 'card', 'sticker'],
  voice: 'audio/ogg',
  people: ['Nina', 'Oleg'],
  named: true,
};
