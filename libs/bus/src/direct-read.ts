/**
 * Reads the last message of one subject. The subject is part of the request's own subject, so that imports and permissions can
 * bound what is read; a request to the stream itself (`STREAM.MSG.GET`) would open all of the stream.
 */
import type { StoredMsg } from '@nats-io/jetstream';
import type { BusSession } from './bus-connection.js';

/** @param stream with `allow_direct` @returns null when there is none */
export function lastMessage({ jsm }: BusSession, stream: string, subject: string): Promise<StoredMsg | null> {
  return jsm.direct.getMessage(stream, { last_by_subj: subject });
}
