/** The reply window of one person, as it is in the bucket of the network, and what follows from it. Without input or output. */
import { z } from 'zod';
import { HubError, type Capabilities } from '#protocol';

/** Without a quota, an input is stored at most this often, ms; the network decides about the last part of its window. */
export const STORED_EVERY_MS = 60_000;
/** Deliveries that are known by their keys, so that a repeated attempt is not counted again. */
const MOST_KEYS = 20;
/** `at` of a person who was never heard. */
const NEVER = 0;

/** A message that waits for the window. */
const Waiting = z.object({
  /** Its sequence in the stream, by which messages are ordered. */
  seq: z.int(),
  /** Until when it may wait, ms since 1970. */
  until: z.number(),
  /** Attempts that failed for another reason than the window. */
  attempts: z.int().default(0),
});
export type Waiting = z.infer<typeof Waiting>;

const Window = z.object({
  /** Last input of the person, ms since 1970. */
  at: z.number(),
  sent: z.int().nonnegative(),
  /** Keys of the latest deliveries. */
  keys: z.array(z.string()),
  /** Nothing is tried before, ms since 1970: the network refused a message although it could be sent by our count. */
  shutUntil: z.number().optional(),
  /** Sends that an act without words allows (a button of the account), beside those of the window. They are used first. */
  brief: z.object({ until: z.number(), left: z.int(), keys: z.array(z.string()) }).optional(),
  waiting: z.array(Waiting).optional(),
  /** The process that delivers what waited. */
  releasing: z.object({ by: z.string(), until: z.number() }).optional(),
});
export type Window = z.infer<typeof Window>;

export const NEVER_HEARD: Window = { at: NEVER, sent: 0, keys: [] };

export type Limits = Pick<Capabilities['limits'], 'replyWindowMs' | 'messagesPerWindow'>;

/** The person cannot be written to now, by our count: the network was not asked. */
export class WindowRefusal extends HubError {}

/** Unreadable counts as never heard. */
export function windowIn(value: unknown): Window | undefined {
  return Window.safeParse(value).data;
}

/** An input that is repeated, or comes late, opens nothing that a newer one has not opened. */
export function heardIn(window: Window | undefined, at: number): Window | undefined {
  if (window && at <= window.at) return undefined;
  const { shutUntil: _over, ...before } = window ?? NEVER_HEARD;
  return { ...before, at, sent: 0, keys: [] };
}

/** What an act without words of the person allows: so many messages, for so long. */
export interface BriefWindow {
  ms: number;
  messages: number;
}

export function touchedIn(
  window: Window = NEVER_HEARD,
  at: number,
  { ms, messages }: BriefWindow,
): Window | undefined {
  if (window.brief && window.brief.until >= at + ms) return undefined;
  const { shutUntil: _over, ...before } = window;
  return { ...before, brief: { until: at + ms, left: messages, keys: [] } };
}

/** Why nothing can be sent at this time. undefined: something can, or the network decides */
export function refusalOf(window: Window, limits: Limits, now: number): WindowRefusal | undefined {
  const { replyWindowMs = Infinity, messagesPerWindow } = limits;
  if (briefIn(window, now)) return undefined;
  if (window.shutUntil !== undefined && now < window.shutUntil)
    return new WindowRefusal('101', 'the network refused a message to the person, who has not written since');
  if (window.at === NEVER) return undefined;
  const lateMs = messagesPerWindow === undefined ? STORED_EVERY_MS : 0;
  if (now >= window.at + replyWindowMs + lateMs)
    return new WindowRefusal('101', `the person last wrote at ${new Date(window.at).toISOString()}`);
  if (messagesPerWindow !== undefined && window.sent >= messagesPerWindow)
    return new WindowRefusal('102', `${window.sent} messages were sent since the person last wrote`);
  return undefined;
}

export function isClaimed({ keys, brief }: Window, key: string): boolean {
  return keys.includes(key) || brief?.keys.includes(key) === true;
}

export function withClaim(window: Window, key: string, now: number): Window {
  const brief = briefIn(window, now);
  if (brief) return { ...window, brief: { ...brief, left: brief.left - 1, keys: [...brief.keys, key] } };
  return { ...window, sent: window.sent + 1, keys: [...window.keys, key].slice(-MOST_KEYS) };
}

export function withoutClaim(window: Window, key: string): Window {
  const without = (keys: string[]) => keys.filter((one) => one !== key);
  const { brief } = window;
  if (brief?.keys.includes(key))
    return { ...window, brief: { ...brief, left: brief.left + 1, keys: without(brief.keys) } };
  return { ...window, sent: Math.max(0, window.sent - 1), keys: without(window.keys) };
}

function briefIn({ brief }: Window, now: number): Window['brief'] {
  return brief && now < brief.until && brief.left > 0 ? brief : undefined;
}

/** In the order of the stream. */
export function withWaiting(window: Window, waiting: Waiting): Window {
  const all = [...(window.waiting ?? []), waiting].toSorted((one, other) => one.seq - other.seq);
  return { ...window, waiting: all };
}

export function withoutWaiting(window: Window, seq: number): Window {
  const { waiting = [], ...rest } = window;
  const others = waiting.filter((one) => one.seq !== seq);
  if (others.length > 0) return { ...rest, waiting: others };
  const { releasing: _done, ...empty } = rest;
  return empty;
}
