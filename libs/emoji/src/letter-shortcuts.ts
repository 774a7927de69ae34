/** Shortcuts of letters and signs, as Fetion clients of 2008 to 2012 write and show them; their names are in lower case. */
import { rowsOf } from './rows.js';
import { Shortcuts, type ShortcutTable } from './shortcuts.js';

/**
 * Left out: `b)` (sunglasses) and `-8` (music), which are more often the second item of a list and a number, and pictures
 * without an emoji.
 */
export const LETTER_TABLE: ShortcutTable = {
  source:
    'The table of faces in libfetion-gui 1.1 (fxInputFace.cpp), which follows the client of the operator',
  date: '2010',
  entries: rowsOf(String.raw`
    :) 🙂
    :-d 😄
    ;) 😉
    :-o 😮
    :-p 😛
    (h) 🥵
    :-@ 😠
    :( 🙁
    :'( 😢
    :"> ☺️
    ^o) 🤨
    :& 🤢
    8o| 😬
    |-) 😪
    :-# 🤐
    8-) 🙄
    (s) 🌙
    (st) 🌧️
    (o) ⏰
    (l) ❤️
    (u) 💔
    (@) 🐱
    (&) 🐶
    (sn) 🐌
    (*) ⭐
    (#) ☀️
    (r) 🌈
    (}) 🤗
    ({) 🫂
    (k) 💋
    (f) 🌹
    (w) 🥀
    (g) 🎁
    (^) 🎂
    (i) 💡
    *-:) 🤔
    (c) ☕
    (um) ☂️
    (mp) 📱
    (co) 💻
    :-| 😐
    :-/ 😕
    :-s 😨
    )-| 🍹
    (d) 🍷
    o:) 😇
    (y) 👍
    >:) 😈
    :-b 🤓
  `).map(([shortcut = '', emoji = '']) => [shortcut, emoji] as const),
};

export const letterShortcuts = new Shortcuts(LETTER_TABLE);
