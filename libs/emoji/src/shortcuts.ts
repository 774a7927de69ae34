/** Words or codes that stand for a small picture in the clients of a network <-> Unicode emoji. */
import { qualifiedEmoji } from '#protocol';

/** A table of one network, with the document or program that it was read from. */
export interface ShortcutTable {
  source: string;
  /** When it was read, or the date of the version that was read. */
  date: string;
  /** `[shortcut, emoji]`. Of several shortcuts for one emoji the first is the one that is written. */
  entries: readonly (readonly [shortcut: string, emoji: string])[];
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const MAY_HAVE_EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3]/u;

export class Shortcuts {
  private readonly emoji: ReadonlyMap<string, string>;
  private readonly shortcuts = new Map<string, string>();
  private readonly anyShortcut: RegExp;

  constructor({ entries }: Pick<ShortcutTable, 'entries'>) {
    this.emoji = new Map(entries);
    for (const [shortcut, emoji] of entries)
      if (!this.shortcuts.has(qualifiedEmoji(emoji))) this.shortcuts.set(qualifiedEmoji(emoji), shortcut);
    // Of two shortcuts that begin alike, the longer one is meant.
    const longestFirst = [...this.emoji.keys()].sort((one, other) => other.length - one.length);
    this.anyShortcut = new RegExp(longestFirst.map(patternOf).join('|'), 'g');
  }

  /** Text of the network -> text with emoji. Unknown shortcuts stay as they are: they can be read. */
  toEmoji(text: string): string {
    return text.replaceAll(this.anyShortcut, (shortcut) => this.emoji.get(shortcut) ?? shortcut);
  }

  /** Text with emoji -> text of the network. Emoji without a shortcut, or with a skin tone, stay as they are. */
  toShortcuts(text: string): string {
    if (!MAY_HAVE_EMOJI.test(text)) return text;
    let written = '';
    for (const { segment } of graphemes.segment(text)) written += this.shortcutOf(segment) ?? segment;
    return written;
  }

  emojiOf(shortcut: string): string | undefined {
    return this.emoji.get(shortcut);
  }

  shortcutOf(emoji: string): string | undefined {
    return MAY_HAVE_EMOJI.test(emoji) ? this.shortcuts.get(qualifiedEmoji(emoji)) : undefined;
  }
}

/** A shortcut that ends or begins with a letter or digit is not part of a longer word, as in `/:list` or `f(c)`. */
function patternOf(shortcut: string): string {
  const literal = shortcut.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  const bracketed = /^\[.*\]$/u.test(shortcut);
  const start = bracketed || shortcut.startsWith('/') ? '' : '(?<![A-Za-z0-9])';
  const end = bracketed ? '' : /[A-Za-z0-9]$/.test(shortcut) ? '(?![A-Za-z0-9])' : '';
  return start + literal + end;
}
