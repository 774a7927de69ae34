/** How the phone of a person on WhatsApp looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'WhatsApp', zh: 'WhatsApp' },
  bubble: 'tail',
  colours: {
    accent: '#25d366',
    header: '#075e54',
    headerText: '#ffffff',
    paper: '#ece5dd',
    mine: '#dcf8c6',
    mineText: '#111b21',
    theirs: '#ffffff',
    theirsText: '#111b21',
  },
  sends: ['image', 'voice', 'place', 'card', 'sticker'],
  voice: 'audio/ogg',
  people: ['Amira', 'Bruno'],
  named: true,
};
