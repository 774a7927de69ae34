/** The conversation in the picture of the wall of phones, held in the browser. */
import sharp from 'sharp';
import type { WallPage } from '../support/wall-page.js';

export async function talk(wall: WallPage, photo: string): Promise<void> {
  await wall.close('fetion');
  await wall.pickUp('Fetion', '老张');
  await wall.write('wechat', '老张', '老张，你还在用飞信？');
  await wall.shows('fetion', '老张，你还在用飞信？');
  await wall.chat('fetion', '小李');
  await wall.write('fetion', '小李', '一直在用。互通之后谁都找得到我。');
  await wall.shows('wechat', '谁都找得到我');
  await wall.sendPicture('wechat', '老张', photo);
  await wall.shows('fetion', '/m/');
  await wall.write('fetion', '小李', '看到了，是链接，能打开！');
  await wall.shows('wechat', '能打开');
  await wall.chat('matrix', 'alice');
  await wall.write('xmpp', 'bob', 'Hi Bob! Are you on Matrix?');
  await wall.shows('matrix', 'Are you on Matrix?');
  await wall.reply(
    'matrix',
    'Are you on Matrix?',
    'Yes, and you read me in your XMPP client. No new account.',
  );
  await wall.shows('xmpp', 'No new account');
  await wall.accept('xmpp');
  await wall.sendPicture('matrix', 'alice', photo);
  await wall.showsPicture('xmpp');
  await wall.react('xmpp', 'No new account', '🎉');
  await wall.showsReaction('matrix', '🎉');
  await wall.recordVoice('xmpp', 'bob', 2000);
  await wall.showsVoice('matrix');
  await wall.type('matrix', 'Lovely!');
}

/** A drawing of a lane between grey houses, with a tree and a bicycle. */
export async function drawHutong(path: string): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420" viewBox="0 0 640 420">
    <rect width="640" height="420" fill="#bfe0f2"/><circle cx="500" cy="90" r="42" fill="#ffd98a"/>
    <path d="M0 120 L240 190 L240 420 L0 420z" fill="#8d8f94"/><path d="M640 110 L400 190 L400 420 L640 420z" fill="#7b7d83"/>
    <path d="M-10 96 L250 172 L250 198 L-10 132z" fill="#4a4d55"/><path d="M650 86 L390 172 L390 198 L650 122z" fill="#41444c"/>
    <path d="M240 260 L400 260 L560 420 L80 420z" fill="#d9c9ae"/><path d="M240 200 h160 v62 h-160z" fill="#a9b4a0"/>
    <path d="M60 230 L130 244 L130 420 L60 420z" fill="#b3261e"/><path d="M70 250 l22 4 v120 l-22 6z M98 256 l22 4 v116 l-22 4z" fill="#8f1d17"/>
    <path d="M520 236 l60 -14 v198 h-60z" fill="#b3261e"/><circle cx="150" cy="236" r="13" fill="#e0402f"/><circle cx="500" cy="232" r="13" fill="#e0402f"/>
    <path d="M300 260 v-110" stroke="#5b4632" stroke-width="14"/><circle cx="270" cy="120" r="52" fill="#5c8f4f"/><circle cx="330" cy="108" r="60" fill="#6ba15b"/><circle cx="300" cy="70" r="48" fill="#79b268"/>
    <g fill="none" stroke="#2b2d33" stroke-width="6"><circle cx="420" cy="360" r="34"/><circle cx="520" cy="360" r="34"/><path d="M420 360 l34 -58 l48 0 l18 58 M454 302 l24 58 l-58 0 M478 360 l24 -58 M496 290 l22 0 M446 290 l18 0"/></g></svg>`;
  await sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toFile(path);
}
