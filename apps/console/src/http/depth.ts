import { ValidationProblem } from '#http';
/** Maximum nesting of a body. Code that reads it later, such as JSON.stringify, is recursive and would overflow the stack. */

const MOST_LEVELS = 32;

/** @returns the problem of a body that is nested more than `MOST_LEVELS` deep */
export function tooDeep(body: unknown): ValidationProblem | undefined {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS)
      return new ValidationProblem([
        { field: '(body)', rule: `objects and lists are nested more than ${MOST_LEVELS} deep` },
      ]);
    level = level.flatMap((value) => (typeof value === 'object' && value ? Object.values(value) : []));
  }
  return undefined;
}
