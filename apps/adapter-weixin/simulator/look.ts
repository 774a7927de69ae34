/** How the phone of a person on WeChat (personal) looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const look: PhoneLook = {
  name: { en: 'WeChat (personal)', zh: '微信（个人）' },
  bubble: 'tail',
  colours: {
    accent: '#07a350',
    header: '#ededed',
    headerText: '#111111',
    paper: '#f5f5f5',
    mine: '#95ec69',
    mineText: '#0a1a05',
    theirs: '#ffffff',
    theirsText: '#111111',
  },
  sends: ['image', 'voice'],
  voice: 'audio/amr',
  pairs: true,
  people: ['小玉', '大伟'],
};
