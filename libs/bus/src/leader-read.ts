/**
 * Asks the leader of a stream whether it has a message. Direct reads are answered by any replica, and one that lags behind does
 * not have the newest messages yet. A network cannot read from the leader (`STREAM.MSG.GET`): that call would open the whole
 * stream to it. It can publish: the leader refuses a publication that expects an impossible last sequence of a subject, and
 * its refusal gives the true one (`Nats-Expected-Last-Subject-Sequence`).
 *
 * COMPAT(nats-server, 2.15.1): no other condition will do. One that is checked only when the publication is applied
 * (`Nats-Expected-Last-Msg-Id`) ends a stream of three replicas with a "critical write error" in all of them.
 */
import { JetStreamApiError } from '@nats-io/jetstream';
import type { BusSession } from './bus-connection.js';

/** `err_code` of the server: "wrong last sequence: <the last one, or 0>". */
const WRONG_LAST_SEQUENCE = 10071;
const LAST_SEQUENCE = /: (\d+)$/;
/** No stream comes so far. */
const IMPOSSIBLE = Number.MAX_SAFE_INTEGER;

/**
 * Stores nothing.
 * @param subject to which this process may publish, of the same stream
 * @param filter which messages are asked for; may contain wildcards
 * @returns whether the stream has one
 * @throws what the client throws; Error when the reply cannot be read
 */
export async function leaderHas({ js }: BusSession, subject: string, filter: string): Promise<boolean> {
  const expect = { lastSubjectSequence: IMPOSSIBLE, lastSubjectSequenceSubject: filter };
  const refusal = await js.publish(subject, undefined, { expect }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refusal === undefined) throw new Error('the server stored what it had to refuse');
  const [, last] =
    refusal instanceof JetStreamApiError && refusal.code === WRONG_LAST_SEQUENCE
      ? (LAST_SEQUENCE.exec(refusal.message) ?? [])
      : [];
  if (last === undefined) throw refusal as Error;
  return last !== '0';
}
