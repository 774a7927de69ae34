/** How the phone of a person on WeChat looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'WeChat', zh: '微信' },
  bubble: 'tail',
  colours: {
    accent: '#07c160',
    header: '#ededed',
    headerText: '#181818',
    paper: '#ededed',
    mine: '#95ec69',
    mineText: '#0f1a08',
    theirs: '#ffffff',
    theirsText: '#191919',
  },
  sends: ['image', 'voice', 'place'],
  voice: 'audio/amr',
  people: ['小李', '小林'],
  named: true,
};
