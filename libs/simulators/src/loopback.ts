/** Somebody who answers every message with the same text, and does nothing else: who certifies an adapter needs one. */
import type { Person } from './person.js';

/** @returns a function that ends it */
export function answersEverything(person: Person): () => void {
  // One after the other, so that the answers come in the order of what they answer.
  let last: Promise<unknown> = Promise.resolve();
  return person.onSight(({ kind, from, text }) => {
    if (kind !== 'text' || text === undefined) return;
    last = last.then(() =>
      person.act({ do: 'write', to: from, text }).catch((error: Error) => {
        process.stderr.write(`loopback: not answered: ${error.message}\n`);
      }),
    );
  });
}
