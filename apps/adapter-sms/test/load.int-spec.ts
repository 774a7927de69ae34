/**
 * Many segments over one link, to a gateway that asks to slow down at every fiftieth and loses its links three times: each segment
 * that was accepted is shown once, and one is shown twice only if its first outcome was that nobody knows.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '#protocol';
import { amount } from '../../../test/support/amounts.js';
import { until } from '../../../test/support/until.js';
import { ANN, aSegment, closeAll, open, SERVICE, shown, type Protocol, type Stage } from './carrier-stage.js';

/** In torture a minute of 500 in a second; in `npm test` as fast as it goes. */
const SEGMENTS = amount({ test: 1500, torture: 30_000 });
const PER_SECOND = amount({ test: 0, torture: 500 });
const SIDE_BY_SIDE = 20;

afterEach(closeAll);

interface Tally {
  /** Ids by text. */
  accepted: Map<string, string>;
  /** Texts that were submitted again after nobody knew what had become of them. */
  unknown: Set<string>;
  slowedDown: number;
}

/** As a careful service does: again when it was not sent or is to slow down, and again when nobody knows, which it counts. */
async function submit({ link }: Stage, text: string, tally: Tally): Promise<void> {
  for (;;) {
    try {
      tally.accepted.set(text, await link.submit(aSegment(text, 'ucs2')));
      return;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      if (error.code === '65') tally.slowedDown++;
      else if (error.code === '103') tally.unknown.add(text);
      else if (error.code !== '91') throw error;
      await link.connectivity.untilConnected();
      await sleep(1);
    }
  }
}

async function submitAll(stage: Stage, tally: Tally): Promise<void> {
  let next = 0;
  const begun = Date.now();
  const worker = async (): Promise<void> => {
    while (next < SEGMENTS) {
      const at = next++;
      if (PER_SECOND > 0) await sleep(Math.max(0, begun + (at * 1000) / PER_SECOND - Date.now()));
      // Three times, in the midst of what is under way.
      if ([0.25, 0.5, 0.75].some((part) => at === Math.floor(SEGMENTS * part))) stage.carrier.disconnect();
      await submit(stage, `segment ${at}`, tally);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

test.each<Protocol>(['cmpp 2.0', 'cmpp 3.0', 'sgip 1.2', 'smgp 3.0', 'smpp 3.4'])('%s', async (protocol) => {
  const stage = await open(protocol);
  stage.carrier.faults.throttleEach(50);
  const tally: Tally = { accepted: new Map(), unknown: new Set(), slowedDown: 0 };
  await submitAll(stage, tally);

  const times = new Map<string, number>();
  for (const [from, text = ''] of shown(stage)) {
    expect(from).toBe(SERVICE);
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  expect(tally.accepted.size).toBe(SEGMENTS);
  expect([...tally.accepted.keys()].filter((text) => !times.has(text))).toEqual([]);
  const doubled = [...times].filter(([, count]) => count > 1).map(([text]) => text);
  expect(doubled.filter((text) => !tally.unknown.has(text))).toEqual([]);
  expect(tally.slowedDown).toBeGreaterThanOrEqual(Math.floor(SEGMENTS / 50));

  // A report for each segment that was accepted, by its id.
  await stage.carrier.idle();
  const ids = new Set(tally.accepted.values());
  await until('the reports', () => {
    const told = new Set(stage.heard.reports.map(({ messageId }) => messageId));
    return [...ids].every((id) => told.has(id));
  });
  expect(ids.size).toBe(SEGMENTS);
  expect(stage.heard.reports.every(({ person, state }) => person === ANN && state === 'delivered')).toBe(
    true,
  );
});
