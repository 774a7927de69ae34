/**
 * A number of 8 bytes for a text, in SQL, as the indexes of the trace contain it: an address can be longer than an entry of an
 * index. Different texts can have the same number, so the text is compared too.
 * @param expression of type text
 */
export function textNumber(expression: string): string {
  return `hashtextextended(${expression}, 0)`;
}

/**
 * Whether a column has this text, for such an index. In a plain comparison beside that of the numbers, PostgreSQL sees a second
 * condition that most rows do not meet. It then expects so few rows that it reads and sorts all of a person who has written
 * a hundred thousand messages, instead of the newest in the order of the index.
 * @param text of type text
 */
export function hasText(column: string, text: string): string {
  return `${textNumber(column)} = ${textNumber(text)} AND CASE WHEN ${column} = ${text} THEN true END`;
}
