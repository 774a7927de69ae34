/** Parses JSON from untrusted bytes. */

const NOT_JSON = new Set(['SyntaxError', 'TypeError']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @returns undefined when the bytes are not UTF-8 JSON */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (error) {
    // JSON.parse throws a SyntaxError, TextDecoder a TypeError.
    if (NOT_JSON.has((error as Error).name)) return undefined;
    throw error;
  }
}
