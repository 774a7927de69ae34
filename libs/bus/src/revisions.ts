/**
 * Reads and replaces one value of a bucket by its revision (compare and set). Nothing is buffered or resent: an unconfirmed
 * write is an error, and a write that arrives late loses against a newer one.
 */
import { JetStreamApiError } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { BusSession } from './bus-connection.js';

export interface Revision {
  /** 0: there is no such key. */
  revision: number;
  text: string;
}

const WRONG_LAST_SEQUENCE = 10071;

export async function readRevision({ js }: BusSession, bucket: string, key: string): Promise<Revision> {
  const entry = await (await new Kvm(js).open(bucket)).get(key);
  if (!entry) return { revision: 0, text: '' };
  return { revision: entry.revision, text: entry.operation === 'PUT' ? entry.string() : '' };
}

/** @returns false when another value was written since that revision */
export async function replaceRevision(
  { js }: BusSession,
  bucket: string,
  key: string,
  { revision, text }: Revision,
): Promise<boolean> {
  try {
    await (await new Kvm(js).open(bucket)).put(key, text, { previousSeq: revision });
    return true;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) return false;
    throw error;
  }
}
