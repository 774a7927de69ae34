/** How the phone of a person on LINE looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'LINE', zh: 'LINE' },
  bubble: 'tail',
  colours: {
    accent: '#06c755',
    header: '#2d4463',
    headerText: '#ffffff',
    paper: '#8cabd9',
    mine: '#8de055',
    mineText: '#12240a',
    theirs: '#ffffff',
    theirsText: '#1a1a1a',
  },
  sends: ['image', 'voice', 'place', 'sticker'],
  voice: 'audio/mp4',
  people: ['Aoi', 'Emi'],
  named: true,
};
