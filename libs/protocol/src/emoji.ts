/** One spelling for each emoji: clients write ❤ with or without U+FE0F for the same reaction. */

const PRESENTED = /^\p{Emoji_Presentation}$/u;
/** A pictograph that no skin tone follows, or the digit of a keycap. */
const QUALIFIABLE = /\p{Extended_Pictographic}(?!\p{Emoji_Modifier})|[0-9#*](?=\u20E3)/gu;

/** The fully-qualified form (UTS #51, ED-18): U+FE0F follows each pictograph that is text by default. */
export function qualifiedEmoji(text: string): string {
  return text
    .replaceAll(/[\uFE0E\uFE0F]/g, '')
    .replace(QUALIFIABLE, (pictograph) => (PRESENTED.test(pictograph) ? pictograph : `${pictograph}\uFE0F`));
}
