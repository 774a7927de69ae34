/** A telephone that answers by itself, and plays its tone until the caller hangs up. */
import { inBackground, type Person } from '#simulators';

/** @returns a function that ends it */
export function answersCalls(person: Person): () => void {
  return person.onSight(({ kind, state, from }) => {
    if (kind !== 'call' || state !== 'incoming') return;
    // After it has rung: the answer would otherwise overtake the ringing.
    setImmediate(() => inBackground('an answer', () => answer(person, from)));
  });
}

/** Whoever called may have hung up meanwhile. */
async function answer(person: Person, who: string): Promise<void> {
  try {
    await person.act({ do: 'call', who, how: 'accept' });
  } catch (error) {
    process.stderr.write(`telephone ${person.native}: not answered: ${(error as Error).message}\n`);
  }
}
