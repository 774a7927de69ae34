/** An answer with another `code` than 200; its HTTP status is still 200. */
export class ActionError extends Error {
  constructor(
    readonly code: number,
    desc: string,
  ) {
    super(desc);
  }
}
