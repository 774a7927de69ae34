/** Bytes -> JSON, of whoever sent them. */

const NOT_JSON = new Set(['SyntaxError', 'TypeError']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** undefined: these bytes are not UTF-8 JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (error) {
    // What JSON.parse throws at text that is not JSON, and TextDecoder at bytes that are not UTF-8.
    if (NOT_JSON.has((error as Error).name)) return undefined;
    throw error;
  }
}
