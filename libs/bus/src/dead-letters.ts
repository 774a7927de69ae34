/** Dead letters: messages that could neither be processed nor delivered, stored with the reason for the operator. */
import { subjects, type DeadLetter, type HubError, type Network } from '#protocol';
import { metrics } from '#service';
import type { BusMessage } from './lane-reader.js';
import type { OrderedPublisher } from './ordered-publisher.js';

/** Bytes of the message that a dead letter contains: the letter itself must fit on the bus. */
const MOST_KEPT = 512 * 1024;

/** Stores the message as a dead letter; the caller acknowledges the original afterwards. */
export async function publishDeadLetter(
  publisher: OrderedPublisher,
  network: Network,
  message: BusMessage,
  error: HubError,
  eventId?: string,
): Promise<void> {
  const letter: DeadLetter = {
    subject: message.subject,
    seq: message.seq,
    reason: error.code,
    detail: error.detail.slice(0, 500),
    network,
    ...(eventId === undefined ? {} : { eventId }),
    attempts: message.deliveries,
    at: new Date().toISOString(),
    size: message.data.byteLength,
    payload: Buffer.from(message.data.subarray(0, MOST_KEPT)).toString('base64'),
  };
  metrics.deadLetters.inc({ network, code: error.code });
  await publisher.publish(
    subjects.dead(network),
    JSON.stringify(letter),
    `dead:${message.subject}:${message.seq}`,
  );
}
