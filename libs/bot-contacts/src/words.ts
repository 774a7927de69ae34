/** Texts of a bot account to a person, in the language of the network. */
import type { Capabilities } from '#protocol';

export interface ChannelWords {
  help: string;
  nobodyChosen: string;
  nobodyYet: string;
  chosen: (who: string) => string;
  list: (lines: string[]) => string;
  current: string;
  noSuchNumber: (number: string) => string;
  noSuchName: (name: string) => string;
  noSuchNetwork: (network: string, known: string[]) => string;
  noSuchPerson: (who: string) => string;
  notReached: (who: string) => string;
}

const EN: ChannelWords = {
  help: [
    'Here you write to people on other networks.',
    '@person@network text - write to somebody: @alice@example.org@xmpp Hello',
    '@ or /list - list the people you talked to; answer the list with a number to choose',
    '@2 or @name - choose that person; @2 text - write to number 2 and choose it',
    'Whatever you write then goes to the one you chose, until you choose another.',
    '/help - this text (/帮助 - in Chinese)',
  ].join('\n'),
  nobodyChosen:
    'To whom? Choose first: @ lists the people you talked to, @person@network names a new one. /help',
  nobodyYet: 'You have talked to nobody yet. @person@network text writes to somebody. /help',
  chosen: (who) => `You now write to ${who}.`,
  list: (lines) => `You talked to:\n${lines.join('\n')}\nAnswer with a number to choose.`,
  current: '← chosen',
  noSuchNumber: (number) => `There is no number ${number}. @ shows the list.`,
  noSuchName: (name) => `"${name}" is nobody you talked to. Name the network too: @${name}@network text`,
  noSuchNetwork: (network, known) => `There is no network "${network}". Connected: ${known.join(', ')}.`,
  noSuchPerson: (who) => `There is no such person: ${who}`,
  notReached: (who) => `${who} cannot be looked up at present; please try again.`,
};

const ZH: ChannelWords = {
  help: [
    '在这里可以给其他网络的朋友发消息。',
    '@对方@网络 内容 —— 给某人发消息，例如：@alice@example.org@xmpp 你好',
    '@ 或 /列表 —— 查看最近联系人，随后回复编号即可选择',
    '@2 或 @名字 —— 选择联系人；@2 内容 —— 选择并发给2号',
    '之后直接输入的内容都会发给所选的人，直到您另选他人。',
    '发送 /帮助 或 /help 查看本说明。',
  ].join('\n'),
  nobodyChosen:
    '要发给谁？请先选择：发送 @ 查看最近联系人，或用 @对方@网络 指定新联系人。发送 /帮助 查看说明。',
  nobodyYet: '还没有联系人。发送“@对方@网络 内容”即可开始。发送 /帮助 查看说明。',
  chosen: (who) => `现在发给：${who}`,
  list: (lines) => `最近联系人：\n${lines.join('\n')}\n回复编号即可选择。`,
  current: '← 当前',
  noSuchNumber: (number) => `没有${number}号联系人，发送 @ 查看列表。`,
  noSuchName: (name) => `联系人中没有“${name}”，请写明网络：@${name}@网络 内容`,
  noSuchNetwork: (network, known) => `没有“${network}”这个网络。已互通：${known.join('、')}。`,
  noSuchPerson: (who) => `查无此人：${who}`,
  notReached: (who) => `暂时无法查询 ${who}，请稍后再试。`,
};

export const CHANNEL_WORDS: Record<Capabilities['language'], ChannelWords> = { en: EN, zh: ZH };
