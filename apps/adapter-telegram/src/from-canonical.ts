/** Words and reactions -> what methods of the Bot API take. Pure. */
import { firstNative, type MessageRef } from '#adapter-kit';
import { textParts, type MessageEvent } from '#protocol';
import { isMarkdown, plainWords, treeOfBody, treeWithLead, writeEntities, type EntityText } from '#text';

/** @param text the words of the event without marks, after a text that says who speaks */
export function saidBy(event: MessageEvent | undefined, text: string): EntityText {
  const body = event?.data.content.body;
  if (!body || !textParts(body).some(isMarkdown)) return { text, entities: [] };
  const plain = plainWords(body);
  const lead = text.slice(0, text.length - plain.length);
  return writeEntities(treeWithLead(treeOfBody(body), lead));
}

/** The message id in a native id. */
export function messageIn(native: string): number {
  return Number(native.slice(native.lastIndexOf('-') + 1));
}

/** If the message that is answered was deleted, the answer is sent all the same. */
export function answering(target: MessageRef | undefined): object {
  const native = target && firstNative(target);
  if (!native) return {};
  return { reply_parameters: { message_id: messageIn(native), allow_sending_without_reply: true } };
}

/** COMPAT(Bot API, 9): the emoji of reactions are without U+FE0F, and a bot has at most one to a message. */
export function reactionOf(emoji: readonly string[]): object[] {
  return emoji.slice(-1).map((one) => ({ type: 'emoji', emoji: one.replaceAll('\uFE0F', '') }));
}
