/** The bots of `npm start`, and how the phone of one looks on the wall of phones. */
import type { PhoneLook } from '#network-manifest';

export const BOTS = [
  { number: '10001', word: 'xiaozhi', name: '小智' },
  { number: '10002', word: 'tianqi', name: '天气' },
];

export const look: PhoneLook = {
  name: { en: 'Bots', zh: '机器人' },
  bubble: 'square',
  colours: {
    accent: '#4b5bdc',
    header: '#2f3a8f',
    headerText: '#ffffff',
    paper: '#eef0fb',
    mine: '#c9d0ff',
    mineText: '#141a45',
    theirs: '#ffffff',
    theirsText: '#1d2030',
  },
  sends: ['image', 'place'],
  people: BOTS.map(({ name }) => name),
};
