/** How the phone of a person on Youxin looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'Youxin', zh: '有信' },
  bubble: 'round',
  colours: {
    accent: '#c2570c',
    header: '#f07c1d',
    headerText: '#2b1400',
    paper: '#fff4e8',
    mine: '#ffd9b0',
    mineText: '#3a1f05',
    theirs: '#ffffff',
    theirsText: '#2e2418',
  },
  sends: [],
  presence: true,
  calls: true,
  people: ['阿强', '小敏'],
  named: true,
};
