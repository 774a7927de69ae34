/** One spelling of an emoji: clients write ❤ with and without U+FE0F and mean the same reaction. */

const PRESENTED = /^\p{Emoji_Presentation}$/u;
/** A pictograph without a skin tone behind it, or the digit of a keycap. */
const QUALIFIABLE = /\p{Extended_Pictographic}(?!\p{Emoji_Modifier})|[0-9#*](?=\u20E3)/gu;

/** The fully-qualified form (UTS #51, ED-18), with U+FE0F behind each pictograph that is text by default. */
export function qualifiedEmoji(text: string): string {
  return text
    .replaceAll(/[\uFE0E\uFE0F]/g, '')
    .replace(QUALIFIABLE, (pictograph) => (PRESENTED.test(pictograph) ? pictograph : `${pictograph}\uFE0F`));
}
