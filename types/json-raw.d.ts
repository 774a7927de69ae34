/** `JSON.rawJSON` of Node 22 and newer, which the libraries of TypeScript 6 do not declare. */
interface JSON {
  /** A value that `JSON.stringify` writes as it is: a number of any size. @throws SyntaxError */
  rawJSON(text: string): unknown;
}
