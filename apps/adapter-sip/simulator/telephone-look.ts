/** How a plain telephone looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const telephoneLook: PhoneLook = {
  name: { en: 'Telephone', zh: '电话' },
  bubble: 'square',
  colours: {
    accent: '#4a5568',
    header: '#2f3a4a',
    headerText: '#ffffff',
    paper: '#eef0f3',
    mine: '#d5dbe3',
    mineText: '#1d2530',
    theirs: '#ffffff',
    theirsText: '#1d2530',
  },
  sends: [],
  calls: true,
  people: ['座机 010 8888 6666', '老人机 137 0000 6666', '自动应答 010 8888 0000'],
};
