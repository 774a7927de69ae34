/** Follows a message through the hub, by the console's trace. */
import { isTel, type Address } from '#protocol';
import { sleep } from '#service/retry';
import type { Step } from '../shared/events.js';

/** Waits between two readings, ms: most messages arrive within the first; one that is spoken by a call takes longer. */
const WAITS_MS = [60, 120, 250, 500, 1000, 1000, 2000, 2000, 4000, 4000, 8000, 8000, 8000, 8000];
const TIMEOUT_MS = 5000;

export interface Trace {
  from: string;
  to: string;
  state: string;
  checkpoints: {
    stage: string;
    kind: string;
    network: string;
    code: string;
    detail: string | null;
    at: string;
  }[];
}

export interface Journey {
  from: string;
  to: string;
  state: string;
  steps: Step[];
}

/** @param reads called whenever more is known; the last time when the message has arrived or failed */
export async function follow(
  console: { url: string; adminKey: string },
  network: string,
  native: string,
  reads: (journey: Journey) => void,
  signal: AbortSignal,
): Promise<void> {
  let told = 0;
  for (const wait of WAITS_MS) {
    await sleep(wait, signal);
    if (signal.aborted) return;
    const trace = await read(console, network, native);
    if (!trace) continue;
    const journey = journeyOf(trace);
    if (journey.steps.length > told) reads(journey);
    told = journey.steps.length;
    if (isOver(trace)) return;
  }
}

/** The recorder reads events and outcomes separately: "delivered" may be known before "routed". */
function isOver({ to, state, checkpoints }: Trace): boolean {
  // A message to a number may take the next step of a delivery ladder.
  if (state === 'failed') return !isTel(to as Address);
  return (state === 'delivered' || state === 'read') && checkpoints.some(({ stage }) => stage === 'routed');
}

async function read(
  { url, adminKey }: { url: string; adminKey: string },
  network: string,
  native: string,
): Promise<Trace | undefined> {
  const query = new URLSearchParams({ network, native });
  const response = await fetch(`${url}/v1/messages/trace?${query.toString()}`, {
    headers: { authorization: `Bearer ${adminKey}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.ok ? ((await response.json()) as Trace) : undefined;
}

/** Checkpoints of the message itself, without those of its receipts. */
export function journeyOf({ from, to, state, checkpoints }: Trace): Journey {
  const own = checkpoints.filter(({ kind }) => kind === 'message');
  const began = Date.parse(own[0]?.at ?? '');
  const steps = own.map(({ stage, network, code, detail, at }) => ({
    stage,
    network,
    ms: Math.max(0, Date.parse(at) - began),
    code,
    ...(detail === null ? {} : { detail }),
  }));
  return { from, to, state, steps };
}
