/** Finds a message of ours in the history that Yunxin keeps of two accounts, by the key that was sent with it. Pure. */
import { z } from 'zod';
import type { Reconciled } from '#adapter-kit';

/** Yunxin answers at most so many messages at once. */
export const HISTORY_LIMIT = 100;
/** Messages this much earlier than the event are looked at too, ms: its time comes from another clock. */
const SLACK_MS = 3600_000;

const Id = z.union([z.number(), z.string().max(100)]);
const Entry = z.looseObject({
  from: z.string(),
  msgid: Id,
  sendtime: Id,
  ext: z.string().max(2000).optional().catch(undefined),
});

const Ext = z.looseObject({ hutong: z.string() });

/** `ext` of a message: not shown by clients, kept in the history. */
export function extOf(key: string): string {
  return JSON.stringify({ hutong: key } satisfies z.infer<typeof Ext>);
}

/** Parameters of `history/querySessionMsg`, latest first. @param time of the event */
export function historyQuery(
  from: string,
  to: string,
  time: string,
  now = Date.now(),
): Record<string, string> {
  const begin = Math.min(Date.parse(time), now) - SLACK_MS;
  const times = { begintime: String(begin), endtime: String(now + SLACK_MS) };
  return { from, to, ...times, limit: String(HISTORY_LIMIT), reverse: '2' };
}

/**
 * A message that is not there is unknown, not unsent: Yunxin does not say how soon the history has what it took, and a request
 * may still be on its way.
 */
export function foundIn(history: unknown, from: string, key: string): Reconciled {
  const entries = Array.isArray(history) ? history.slice(0, HISTORY_LIMIT) : [];
  const found = entries
    .flatMap((entry) => Entry.safeParse(entry).data ?? [])
    .find((one) => one.from === from && keyIn(one.ext) === key);
  return found
    ? { found: 'sent', delivered: { native: [`${found.msgid}@${found.sendtime}`] } }
    : { found: 'unknown' };
}

function keyIn(ext: string | undefined): string | undefined {
  if (ext === undefined) return undefined;
  try {
    return Ext.safeParse(JSON.parse(ext)).data?.hutong;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
