/**
 * @returns the id of the change if the answer is a proposal that another person must approve; undefined: it is done. Several routes
 * carry out what an operator asks, and propose what an admin asks.
 */
export function proposalIn(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('confirmations' in answer && 'id' in answer))
    return undefined;
  return typeof answer.id === 'string' ? answer.id : undefined;
}
