/** Bytes on the bus <-> events. Everything that comes in is checked against its schema; nothing is trusted. */
import type { z } from 'zod';
import { HubEvent, Outcome } from './events.js';
import { HubError } from './results.js';

/** The bus refuses more than this (nats-server max_payload is set to the same). */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** In JSON, half a character can only stand as an escape. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** There are servers that fail at half a character, again and again. */
function withoutHalves(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function decode<T>(schema: z.ZodType<T>, bytes: Uint8Array, what: string): T {
  if (bytes.byteLength > MAX_EVENT_BYTES) throw new HubError('61', `${what} of ${bytes.byteLength} bytes`);
  let json: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text, SURROGATE.test(text) ? withoutHalves : undefined);
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
