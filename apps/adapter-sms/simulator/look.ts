/** How the phone of a person on SMS looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'SMS', zh: '短信' },
  bubble: 'round',
  colours: {
    accent: '#2f7d32',
    header: '#eceff1',
    headerText: '#1c2429',
    paper: '#ffffff',
    mine: '#2e7d32',
    mineText: '#ffffff',
    theirs: '#e8eaed',
    theirsText: '#1c2429',
  },
  sends: [],
  people: ['老郑', '小何'],
};
