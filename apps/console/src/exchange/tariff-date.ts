import { ValidationProblem } from '#http';

/**
 * A tariff in the past would change the price of messages that were sent already. Checked at the proposal and when it is applied: if
 * its date has passed in between, it has to be proposed again.
 * @throws ValidationProblem
 */
export function mustNotBePast(validFrom: string, now: Date): void {
  if (new Date(validFrom) < now)
    throw new ValidationProblem([
      { field: 'terms.validFrom', rule: `must not be in the past; it is ${now.toISOString()} now` },
    ]);
}
