import { ValidationProblem } from '#http';

/**
 * A tariff in the past would change what was agreed for messages that were sent already. Checked when it is proposed, and again
 * when it is approved: what became past in between is proposed anew.
 * @throws ValidationProblem
 */
export function mustNotBePast(validFrom: string, now: Date): void {
  if (new Date(validFrom) < now)
    throw new ValidationProblem([
      { field: 'terms.validFrom', rule: `must not be in the past; it is ${now.toISOString()} now` },
    ]);
}
