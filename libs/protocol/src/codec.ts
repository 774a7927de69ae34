/** Encodes and decodes events on the bus. Everything that is received is validated against its schema. */
import type { z } from 'zod';
import { HubEvent, Outcome } from './events.js';
import { HubError } from './results.js';

/** Maximum size of an event, bytes: max_payload of nats-server is set to the same. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** A lone surrogate can occur in JSON only as an escape sequence. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** Replaces lone surrogates: some servers of networks fail at them, and would fail at every attempt. */
function withoutLoneSurrogates(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function decode<T>(schema: z.ZodType<T>, bytes: Uint8Array, what: string): T {
  if (bytes.byteLength > MAX_EVENT_BYTES) throw new HubError('61', `${what} of ${bytes.byteLength} bytes`);
  let json: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text, SURROGATE.test(text) ? withoutLoneSurrogates : undefined);
  } catch (cause) {
    throw new HubError('30', `${what} is not UTF-8 JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new HubError(
    '30',
    `${what}: ${issue?.path.join('.') || '(root)'}: ${issue?.message ?? 'does not match its schema'}`,
  );
}

export function decodeEvent(bytes: Uint8Array): HubEvent {
  return decode(HubEvent, bytes, 'event');
}

export function decodeOutcome(bytes: Uint8Array): Outcome {
  return decode(Outcome, bytes, 'outcome');
}

export function encodeEvent(event: HubEvent): string {
  const json = JSON.stringify(event);
  if (Buffer.byteLength(json) > MAX_EVENT_BYTES)
    throw new HubError('61', `event of ${Buffer.byteLength(json)} bytes`);
  return json;
}
