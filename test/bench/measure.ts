/** Measuring: offered load, percentiles, and events of about one KiB. */
import {
  pathOf,
  addressOf,
  directConversation,
  encodeEvent,
  eventId,
  network,
  plainText,
  type MessageEvent,
} from '#protocol';

export type Row = { part: string; what: string } & Record<string, number | string>;

export const NORTH = network('north');
export const SOUTH = network('south');
/** Networks without an adapter. */
export const [EAST, WEST] = [network('east'), network('west')];
export const CONVERSATIONS = 20;

export function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function latencies(values: number[]): { p50: number; p99: number } {
  const sorted = [...values].sort((one, other) => one - other);
  return { p50: round(percentile(sorted, 0.5)), p99: round(percentile(sorted, 0.99)) };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Offers `count` at `rate` a second; rate 0: as fast as `busy()` lets. */
export async function offer(
  count: number,
  rate: number,
  send: (index: number) => void,
  busy: () => boolean,
): Promise<void> {
  const start = performance.now();
  for (let sent = 0; sent < count;) {
    const due =
      rate === 0
        ? busy()
          ? sent
          : count
        : Math.min(count, Math.floor(((performance.now() - start) / 1000) * rate));
    const until = rate === 0 ? Math.min(due, sent + 100) : due;
    for (; sent < until; sent++) send(sent);
    await new Promise((resolve) => (rate === 0 ? setImmediate(resolve) : setTimeout(resolve, 1)));
  }
}

const FILL = 'x'.repeat(480);

/** The event number `index` of a run, from the east to the west, as its adapter would make it: about 1 KiB of JSON. */
export function anEvent(
  run: string,
  index: number,
): { id: string; conversation: MessageEvent['subject']; bytes: Uint8Array } {
  const person = index % CONVERSATIONS;
  const [from, to] = [addressOf(EAST, `e${person}`), addressOf(WEST, `w${person}`)];
  const now = new Date().toISOString();
  const event: MessageEvent = {
    specversion: '1.0',
    id: eventId(EAST, 'message', `${run}-${index}`),
    source: `/network/${EAST}`,
    type: 'im.hutong.message.v1',
    time: now,
    subject: directConversation(from, to),
    datacontenttype: 'application/json',
    path: pathOf(EAST),
    data: {
      from: { address: from },
      to,
      sentAt: now,
      content: { body: plainText(`${index} ${FILL}`) },
      native: { id: `${run}-${index}` },
    },
  };
  return { id: event.id, conversation: event.subject, bytes: encodeEvent(event) };
}
