/** The conversation of `npm run demo`: who says what to whom, on which network. */
import type { Slug } from '../support/cast.js';

export type Line =
  | { who: Slug; to: Slug; say: string }
  | { who: Slug; to: Slug; answer: number; say: string }
  | { who: Slug; to: Slug; edit: number; say: string }
  | { who: Slug; to: Slug; react: number; emoji: string }
  | { who: Slug; to: Slug; recall: number };

/** Numbers name an earlier line, counted from 0. */
export const SCRIPT: Line[] = [
  { who: 'fetion', to: 'xmpp', say: '你好！我在飞信，你那边看得到吗？' },
  { who: 'xmpp', to: 'fetion', say: 'Loud and clear, *from XMPP*. Who else is here?' },
  { who: 'xmpp', to: 'matrix', say: 'Bob, a friend on Fetion just wrote to me.' },
  { who: 'matrix', to: 'xmpp', answer: 2, say: 'On **Fetion**? Ask about WeChat next.' },
  { who: 'wechat', to: 'matrix', say: '微信用户报到，通过公众号就能和你聊天。' },
  { who: 'matrix', to: 'wechat', answer: 4, say: 'Welcome! I read you in my ordinary client.' },
  { who: 'matrix', to: 'wechat', react: 4, emoji: '🎉' },
  { who: 'yixin', to: 'fetion', say: '易信和飞信，十年后终于互通了。' },
  { who: 'fetion', to: 'yixin', say: '相见恨晚！' },
  { who: 'feiliao', to: 'matrix', say: '飞聊也来了：开放接口，一天接入。' },
  { who: 'matrix', to: 'feiliao', answer: 9, say: 'One day? Impresive.' },
  { who: 'matrix', to: 'feiliao', edit: 10, say: 'One day? Impressive.' },
  { who: 'xmpp', to: 'yixin', say: 'This line was meant for somebody else.' },
  { who: 'xmpp', to: 'yixin', recall: 12 },
  { who: 'feiliao', to: 'wechat', say: '微信的朋友，下次一起吃饭。' },
  { who: 'wechat', to: 'feiliao', say: '好的，一言为定。' },
];
