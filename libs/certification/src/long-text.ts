/** A text that is longer than one message of the network, made of numbered words. Pure functions. */
import type { Capabilities } from '#protocol';

const UNLIMITED = 6000;
/** Maximum length, so that the event is not too large for the bus. */
const MOST = 60_000;
const WORD = 'w0000'.length + 1;

/** Limit of the network in letters of one byte each. */
function limitOf({ limits: { textLength, textUnits, textBytes } }: Capabilities): number | undefined {
  const given = [textLength, textUnits, textBytes].filter((one) => one !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
}

export function longText(capabilities: Capabilities, token: string): string[] {
  const limit = limitOf(capabilities);
  const length = Math.min(limit === undefined ? UNLIMITED : Math.ceil(limit * 1.5), MOST);
  const words = Array.from(
    { length: Math.ceil(length / WORD) },
    (_, at) => `w${String(at).padStart(4, '0')}`,
  );
  return [token, ...words];
}

/** Maximum number of cuts; each can cut a word. */
export function pieceCount(words: string[], capabilities: Capabilities): number {
  const limit = limitOf(capabilities);
  // Half of the limit, because some networks add a name before each piece.
  return limit === undefined ? 0 : Math.ceil((words.length * WORD) / (limit / 2));
}

export function wordsMissing(words: string[], pieces: string[]): string[] {
  const heard = new Set(pieces.flatMap((piece) => piece.split(/\s+/)));
  return words.filter((word) => !heard.has(word));
}
