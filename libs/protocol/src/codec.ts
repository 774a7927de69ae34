/**
 * Encodes and decodes events and outcomes on the bus. What a member wrote is validated where it enters a process of the hub;
 * what the hub itself wrote is only read (docs/budget.md).
 */
import type { z } from 'zod';
import { EVENT_SCHEMAS, HubEvent, Outcome } from './events.js';
import { HubError } from './results.js';

/** Maximum size of an event, bytes: max_payload of nats-server is set to the same. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** A lone surrogate can occur in JSON only as an escape sequence. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export type Validated = 'event' | 'outcome';

let onValidation: ((what: Validated) => void) | undefined;

/** For the test that counts validations per message. @param listener undefined: nobody counts any more */
export function countValidations(listener: ((what: Validated) => void) | undefined): void {
  onValidation = listener;
}

/**
 * Validates an event or an outcome. Nothing else does, so that validations can be counted.
 * @throws HubError 30 which names the first field that does not match
 */
export function validated<T>(schema: z.ZodType<T>, value: unknown, what: Validated): T {
  onValidation?.(what);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new HubError(
    '30',
    `${what}: ${issue?.path.join('.') || '(root)'}: ${issue?.message ?? 'does not match its schema'}`,
  );
}

/** @throws HubError 30 for bytes that are not UTF-8 JSON, 61 for too many */
function parsed(bytes: Uint8Array, what: Validated): unknown {
  if (bytes.byteLength > MAX_EVENT_BYTES) throw new HubError('61', `${what} of ${bytes.byteLength} bytes`);
  try {
    const text = utf8.decode(bytes);
    return JSON.parse(text, SURROGATE.test(text) ? withoutLoneSurrogates : undefined);
  } catch (cause) {
    throw new HubError('30', `${what} is not UTF-8 JSON`, { cause });
  }
}

/** Replaces lone surrogates: some servers of networks fail at them, and would fail at every attempt. */
function withoutLoneSurrogates(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Decodes and validates an event that a member may have written. @throws HubError 30, 61 */
export function decodeEvent(bytes: Uint8Array): HubEvent {
  return validated(HubEvent, parsed(bytes, 'event'), 'event');
}

/** Decodes and validates an outcome, which a member may have written. @throws HubError 30, 61 */
export function decodeOutcome(bytes: Uint8Array): Outcome {
  return validated(Outcome, parsed(bytes, 'outcome'), 'outcome');
}

/**
 * Reads an event that the switch or the console wrote, on `hub.out` or `hub.signal.out`. Members cannot publish there, and the
 * switch has validated what came from them, so only the fields that every reader uses are checked.
 * @throws HubError 30 for anything else, 61
 */
export function readEvent(bytes: Uint8Array): HubEvent {
  const value = parsed(bytes, 'event');
  if (!isAddressed(value)) throw new HubError('30', 'event: not one that the switch wrote');
  return value;
}

const TYPES: ReadonlySet<unknown> = new Set(
  Object.values(EVENT_SCHEMAS).map((schema) => schema.shape.type.value),
);

interface Addressed {
  id?: unknown;
  type?: unknown;
  subject?: unknown;
  data?: { to?: unknown; from?: { address?: unknown } | null } | null;
}

function isAddressed(value: unknown): value is HubEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, type, subject, data } = value as Addressed;
  const texts = [id, subject, data?.to, data?.from?.address];
  return TYPES.has(type) && texts.every((text) => typeof text === 'string');
}

/** @throws HubError 61 when the event is larger than the bus takes */
export function encodeEvent(event: HubEvent): Buffer {
  return encoded(event, 'event');
}

/** @throws HubError 61 when the outcome is larger than the bus takes */
export function encodeOutcome(outcome: Outcome): Buffer {
  return encoded(outcome, 'outcome');
}

/** Encoded once: the size limits here and in the publisher are those of the bytes. */
function encoded(value: HubEvent | Outcome, what: Validated): Buffer {
  const bytes = Buffer.from(JSON.stringify(value));
  if (bytes.length > MAX_EVENT_BYTES) throw new HubError('61', `${what} of ${bytes.length} bytes`);
  return bytes;
}
