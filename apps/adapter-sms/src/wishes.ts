/** What the account says to a person who asks for no more messages, or for messages again. */
import type { Capabilities } from '#protocol';
import type { Wish } from './to-canonical.js';

/** @param start a word that brings messages back */
export function wishAnswer(wish: Wish, language: Capabilities['language'], start: string): string {
  switch (language) {
    case 'zh':
      if (wish === 'start') return '已恢复接收消息。';
      return start === ''
        ? '已退订，不再向您发送消息。'
        : `已退订，不再向您发送消息。回复 ${start} 恢复接收。`;
    case 'en':
      if (wish === 'start') return 'You get messages again.';
      return start === ''
        ? 'You get no more messages.'
        : `You get no more messages. ${start} brings them back.`;
  }
}
