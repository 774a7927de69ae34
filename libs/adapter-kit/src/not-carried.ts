/** Native inputs that cannot become an event: each one is counted, logged and stored as a dead letter. */
import { hash } from 'node:crypto';
import type { OrderedPublisher } from '#bus';
import { subjects, type DeadLetter, type Network } from '#protocol';
import { metrics, runInBackground, type Log } from '#service';

/** A native input that this adapter could not turn into an event, nor refuse to its sender. */
export interface NotCarried {
  /** Label of the metric, a short constant: `poll`, `call`, `unreadable`. Never text of the input. */
  kind: string;
  /** Reason, for the operator. */
  why: string;
  /** The input as it came; the first 64 KiB are kept. */
  native: string;
}

/** Bytes of a native input that a dead letter contains. */
const MOST_KEPT = 64 * 1024;

export function recordNotCarried(
  network: Network,
  publisher: OrderedPublisher,
  log: Log,
  { kind, why, native }: NotCarried,
): void {
  metrics.notCarried.inc({ network, kind });
  log.warn({ kind, why, bytes: Buffer.byteLength(native) }, 'native input not carried');
  const letter: DeadLetter = {
    subject: `native.${network}.${kind}`,
    seq: 1,
    reason: '30',
    detail: `${kind}: ${why}`.slice(0, 500),
    network,
    attempts: 1,
    at: new Date().toISOString(),
    size: Buffer.byteLength(native),
    payload: Buffer.from(native).subarray(0, MOST_KEPT).toString('base64'),
  };
  const digest = hash('sha256', `${kind}\n${native}`, 'hex');
  runInBackground('dead letter of a native input', log, () =>
    publisher.publish(subjects.dead(network), JSON.stringify(letter), `native:${digest}`),
  );
}
