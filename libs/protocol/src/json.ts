/** Bytes -> JSON, of whoever sent them. */

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** undefined: these bytes are not UTF-8 JSON. */
export function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (error) {
    // What JSON.parse throws at text that is not JSON, and TextDecoder at bytes that are not UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
