/** Faces in texts of Weibo: the name in brackets. */
import { FACE_NAMES } from './face-names.js';
import { Shortcuts, type ShortcutTable } from './shortcuts.js';

const NAMES = `
  微笑 嘻嘻 哈哈 可爱 可怜 挖鼻 吃惊 害羞 闭嘴 鄙视 爱你 泪 偷笑 亲亲 生病 太开心 白眼 右哼哼 左哼哼 嘘 衰 委屈 吐 哈欠 抱抱 怒 疑问
  馋嘴 拜拜 思考 汗 困 睡 钱 失望 酷 色 哼 鼓掌 晕 悲伤 抓狂 黑线 阴险 互粉 心 伤心 猪头 熊猫 兔子 握手 作揖 赞 耶 good 弱 NO ok OK
  来 拳头 威武 鲜花 蛋糕 爱心 话筒 音乐 蜡烛 飞机 照相机 下雨 太阳 月亮 浮云 沙尘暴 微风 围观 最右 感冒 打哈欠 疑惑 不要 笑cry 允悲 二哈
  doge 喵喵 摊手 并不简单 费解 憧憬 笑而不语 顶 污 给力 打call 吃瓜 加油 比心 抱一抱 给你小心心 中国赞 锦鲤 跪了 裂开 苦涩 舔屏 送花花
  礼花 礼物 绿丝带 圣诞树 雪 冰棍 可乐 啤酒 咖啡 求饶 彩虹屁 捂脸 笑哭 哇 拥抱 握拳 胜利 干杯 红包 烟花 鞭炮
`.split(/\s+/);
/** Names that are written in English. */
const ENGLISH: readonly (readonly [string, string])[] = [
  ['[good]', '👍'],
  ['[ok]', '👌'],
];

export const MICROBLOG_TABLE: ShortcutTable = {
  source: 'open.weibo.com, 2/emotions ("phrase" of the standard faces)',
  date: '2026-11-29',
  entries: [
    ...NAMES.flatMap((name) => {
      const emoji = FACE_NAMES.get(name);
      return emoji === undefined ? [] : [[`[${name}]`, emoji] as const];
    }),
    ...ENGLISH,
  ],
};

export const microblogFaces = new Shortcuts(MICROBLOG_TABLE);
