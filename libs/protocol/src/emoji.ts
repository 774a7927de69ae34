/**
 * Emoji in one spelling. U+FE0F asks for the emoji form of a character; clients put it behind characters that have no other
 * form, or leave it out behind those that do, so the same reaction came in two spellings.
 */

const VARIATION = '\uFE0F';

/** With U+FE0F exactly where Unicode's fully qualified form has it; text that is no emoji stays as it is. */
export function canonicalEmoji(text: string): string {
  return text
    .replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, '$1')
    .replaceAll(
      /(?!\p{Emoji_Presentation})(?![#*0-9])(\p{Extended_Pictographic})(?![\uFE0E\uFE0F\p{Emoji_Modifier}])/gu,
      `$1${VARIATION}`,
    );
}
