/** An error as the Bot API reports it. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    description: string,
    readonly parameters?: object,
  ) {
    super(description);
  }
}
