/** How the phone of a person on Weibo looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'Weibo', zh: '微博' },
  bubble: 'round',
  colours: {
    accent: '#ff8200',
    header: '#fff4e8',
    headerText: '#333333',
    paper: '#f2f2f2',
    mine: '#ffd9a8',
    mineText: '#331a00',
    theirs: '#ffffff',
    theirsText: '#333333',
  },
  sends: ['image', 'voice', 'place'],
  voice: 'audio/amr',
  people: ['小美', '阿宝'],
  named: true,
};
