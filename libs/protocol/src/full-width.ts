/** Full-width forms of ASCII characters, as Chinese and Japanese keyboards write them. */
const FULL_WIDTH = /[\uFF01-\uFF5E\u3000]/g;
const OFFSET = 0xfee0;

/** `Ａｍｙ＠ｌｏｃａｌｈｏｓｔ` -> `Amy@localhost`; nothing else changes. */
export function toHalfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (wide) =>
    wide === '\u3000' ? ' ' : String.fromCharCode(wide.charCodeAt(0) - OFFSET),
  );
}
