import { ValidationProblem } from '#http';
/** How deep a body may be nested. What reads it afterwards, JSON.stringify included, is recursive and would end the stack. */

const MOST_LEVELS = 32;

/** @returns why a body is refused: it is nested more than `MOST_LEVELS` deep */
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
