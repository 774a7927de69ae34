/**
 * The way in of an adapter isolates conversations: while any one lookup for one person is slow, what others write passes, and
 * everybody's messages keep their order. Needs no server of the network, no bus and no clock: the lookup ends when the
 * others have passed.
 */
import type { Hub } from '#adapter-kit';
import { SlowReads } from './slow-reads.js';

/** The inbound side of an adapter, with a hub that the contract provides. */
export interface WayIn {
  /** A person of the network, by number, writes to a friend abroad (each to another one). Resolves when the network gets its answer, if there is one. */
  write(person: number, text: string): unknown;
  close?(): unknown;
}

const SLOW = 0;
const OTHERS = [1, 2, 3];
/** Turns of the event loop in which everything that does not wait for the slow lookup is done. */
const TURNS = 500;

/**
 * Declares the cases. @param open makes the way in, on its own hub; the adapter gets `slow(hub)`
 */
export function isolatesConversations(open: (slow: (hub: Hub) => Hub) => WayIn | Promise<WayIn>): void {
  const opened: WayIn[] = [];
  const aWayIn = async () => {
    const reads = new SlowReads();
    const wayIn = await open((hub) => reads.of(hub));
    opened.push(wayIn);
    return { reads, wayIn };
  };
  afterEach(async () => {
    for (const wayIn of opened.splice(0)) await wayIn.close?.();
  });

  test('while any lookup for one person is slow, the others pass, and everybody’s order is kept', async () => {
    const calls = await lookupsOfAMessage(await aWayIn());
    for (let slowOne = 1; slowOne <= calls; slowOne++) {
      const { reads, wayIn } = await aWayIn();
      const reached = reads.hold(slowOne);
      const answers = [wayIn.write(SLOW, 'slow 1')];
      await reached;
      answers.push(wayIn.write(SLOW, 'slow 2'));
      for (const n of [1, 2, 3])
        answers.push(...OTHERS.map((person) => wayIn.write(person, `${person}: ${n}`)));
      const passed = () => reads.submitted.filter((text) => !text.startsWith('slow'));
      await settled(() => passed().length === 3 * OTHERS.length);
      expect({ slowOne, passed: passed().toSorted() }).toEqual({
        slowOne,
        passed: OTHERS.flatMap((person) => [1, 2, 3].map((n) => `${person}: ${n}`)),
      });
      for (const person of OTHERS)
        expect(passed().filter((text) => text.startsWith(`${person}:`))).toEqual(
          [1, 2, 3].map((n) => `${person}: ${n}`),
        );
      reads.open();
      await Promise.all(answers);
      const bySlow = () => reads.submitted.filter((text) => text.startsWith('slow'));
      await settled(() => bySlow().length === 2);
      expect({ slowOne, bySlow: bySlow() }).toEqual({ slowOne, bySlow: ['slow 1', 'slow 2'] });
    }
  });
}

/** How many calls of the hub one message causes: each is slow in turn. */
async function lookupsOfAMessage({ reads, wayIn }: { reads: SlowReads; wayIn: WayIn }): Promise<number> {
  const before = reads.calls;
  await wayIn.write(SLOW, 'slow 1');
  await settled(() => reads.submitted.length > 0);
  expect(reads.submitted).toEqual(['slow 1']);
  return reads.calls - before;
}

async function settled(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < TURNS && !isDone(); turn++) await new Promise((resolve) => setImmediate(resolve));
}
