/** An answer other than 200 in `code`; the HTTP status beside it is 200 all the same. */
export class ActionError extends Error {
  constructor(
    readonly code: number,
    desc: string,
  ) {
    super(desc);
  }
}
