/** A simulated person who answers every message with the same text. Certification of an adapter needs one. */
import type { Person } from './person.js';

/** @returns a function that stops it */
export function answersEverything(person: Person): () => void {
  // One at a time, so that the answers have the order of the messages.
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
