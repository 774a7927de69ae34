/** JSON of Yunxin, whose ids of messages exceed 2^53: `JSON.parse` alone would round them. */

/** Integers that a number cannot hold exactly become the text in which they are written. @throws SyntaxError */
export function exactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? String(value))
      : value,
  ) as unknown;
}
