/** How the phone of a person on 5G messages looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: '5G messages', zh: '5G消息' },
  bubble: 'round',
  colours: {
    accent: '#1a7f5a',
    header: '#f7f8f9',
    headerText: '#16211d',
    paper: '#ffffff',
    mine: '#16704f',
    mineText: '#ffffff',
    theirs: '#eef1f0',
    theirsText: '#16211d',
  },
  sends: ['image', 'voice', 'place'],
  voice: 'audio/amr',
  people: ['老陈', '小周'],
};
