/** The adapter ends during its work: no message is lost or duplicated, and the order stays. */
import { rings, sueHears } from './calls.plays.js';
import { within, type Cast } from './cast.js';

const LINES = 20;

export function restarts(cast: Cast): void {
  /** Sue sends lines, the adapter ends after the first has arrived. @returns the result of each line */
  async function throughARestart(beginning: string, how: 'SIGKILL' | 'SIGTERM') {
    const lines = Array.from({ length: LINES }, (_, index) => `${beginning} ${index}`);
    const ids = lines.map((text) => cast.sue({ kind: 'message', text }));
    await cast.annReads(`${beginning} 0`);
    await cast.stage.restart(how);
    const arrived = () => distinct(cast, beginning);
    const failed = () => ids.filter((id) => hasFailed(cast, id)).map((id) => lines[ids.indexOf(id)]);
    await within(
      'what became of every line',
      () => (new Set([...arrived(), ...failed()]).size === LINES ? true : undefined),
      () => [arrived(), failed()],
    );
    return { lines, arrived: arrived(), failed: failed() };
  }

  test('T03 the adapter is killed during delivery: each line arrives once and in order, or sue is notified that it may not have arrived; a call ends', async () => {
    const call = cast.shows('call') ? undefined : await rings(cast);
    const { lines, arrived, failed } = await throughARestart('through the crash', 'SIGKILL');
    expect(arrived).toEqual(lines.filter((line) => arrived.includes(line)));
    expect(failed.length).toBeLessThanOrEqual(1);
    await cast.stage.ann.write(cast.ghost, 'are you still there?');
    await cast.sueSees('her question', ({ text }) => text === 'are you still there?');
    // The process that knew of it is gone.
    if (call !== undefined) await sueHears(cast, 'missed', call);
  });

  test('T33 the adapter is stopped during delivery: it finishes deliveries in progress, and the rest arrives after its restart', async () => {
    const { lines, arrived, failed } = await throughARestart('through the stop', 'SIGTERM');
    expect(failed).toEqual([]);
    expect(arrived).toEqual(lines);
  });
}

/** For a client, a message that arrives again with the same id is the same message. */
function distinct(cast: Cast, beginning: string): string[] {
  const seen = new Map<string, string>();
  for (const { kind, id, text = '' } of cast.stage.ann.timeline)
    if (kind === 'text' && text.startsWith(`${beginning} `)) seen.set(id, text);
  return [...seen.values()];
}

function hasFailed(cast: Cast, id: string): boolean {
  return cast.stage.far.inbox(cast.sueName).some(({ kind, target }) => kind === 'failure' && target === id);
}
