/** A text that no message of the network can hold, of words that are known again one by one. Pure. */
import type { Capabilities } from '#protocol';

const UNLIMITED = 6000;
/** Enough to be too long for anybody; not enough to be too long for the bus. */
const MOST = 60_000;
const WORD = 'w0000'.length + 1;

/** In letters, of which each is one byte. */
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

/** Where it is cut, a word may be cut too. */
export function pieceCount(words: string[], capabilities: Capabilities): number {
  const limit = limitOf(capabilities);
  // Half, since some put a name in front of each piece.
  return limit === undefined ? 0 : Math.ceil((words.length * WORD) / (limit / 2));
}

export function wordsMissing(words: string[], pieces: string[]): string[] {
  const heard = new Set(pieces.flatMap((piece) => piece.split(/\s+/)));
  return words.filter((word) => !heard.has(word));
}
