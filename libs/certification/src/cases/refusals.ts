/** Level 1: events that must not be shown. Each is refused visibly and stops nothing. */
import {
  addressOf,
  CERTIFY,
  directConversation,
  STREAMS,
  type MessageEvent,
  type ResultCode,
} from '#protocol';
import type { CertificationCase } from '../case.js';
import { must } from '../case-failed.js';
import type { CaseContext } from '../case-context.js';
import { BERT } from '../test-people.js';

/** Codes for a recipient who does not exist: unknown, masked, or a code of the network. */
const UNKNOWN: ResultCode[] = ['14', '40', '100', '101', '103'];

export const unknownPerson: CertificationCase = {
  id: 'unknown-person',
  level: 'L1',
  title: 'An unknown recipient',
  proves:
    'A message to a person who does not exist fails with 14 (or 40, which can mask it, or a code 1xx of the network), and does not delay another conversation.',
  remedy:
    'Report an outcome only when the native network has answered. Translate its answer for an unknown recipient to 14, and process each conversation in a queue of its own.',
  documented: { file: 'adapters.md', heading: '5. Report' },
  async run(context) {
    const lost = context.text('Is anybody there?', context.between(context.stranger));
    await context.publish(lost);
    const token = context.token();
    const other = context.text(`Are you there? ${token}`, context.bertToLoopback());
    await context.publish(other);
    await context.delivered(other);
    // With a bot account, the loopback answers the present correspondent.
    await context.answered(token);
    await context.refused(lost, UNKNOWN);
  },
};

export const expired: CertificationCase = {
  id: 'expired',
  level: 'L1',
  title: 'An expired message',
  proves: 'An expired message fails with 68 and is not shown.',
  remedy: 'Compare `expirytime` with the clock before you deliver, and report 68 if it has passed.',
  documented: { file: 'adapters.md', heading: '5. Report' },
  async run(context) {
    const token = context.token();
    const late = { ...context.text(`Too late ${token}`), expirytime: justNow() };
    await context.publish(late);
    await context.roundTrip();
    await context.refused(late, ['68']);
    await context.notShown(token, 'the expired message was shown');
  },
};

/** A time that has just passed, as `expirytime`. */
export function justNow(): string {
  return new Date(Date.now() - 1000).toISOString();
}

export const foreignConversation: CertificationCase = {
  id: 'foreign-conversation',
  level: 'L1',
  title: 'A conversation of others',
  proves:
    'A message whose recipient is of another network, and one whose conversation is not that of its two addresses, are refused or become dead letters, and are not shown.',
  remedy:
    'Before you deliver, check that the network of `data.to` is yours, and that `subject` is the conversation of `data.from` and `data.to`. Report 30 otherwise.',
  documented: { file: 'adapters.md', heading: '4. Consume' },
  async run(context) {
    const token = context.token();
    const ofBert = directConversation(BERT.address, context.loopback);
    const forged: MessageEvent[] = [
      { ...context.text(`In the conversation of Bert ${token}`), subject: ofBert },
      context.text(`To somebody elsewhere ${token}`, context.between(addressOf(CERTIFY, 'carl'))),
    ];
    for (const event of forged) await context.publish(event);
    await context.roundTrip();
    for (const { id } of forged) {
      const isRefused = () =>
        context.witness.outcomes.some(({ event, stage }) => event === id && stage === 'failed') ||
        context.witness.letters.some(({ eventId }) => eventId === id);
      must(await context.eventually(isRefused), `${id}, of a conversation of others, was not refused`);
    }
    await context.notShown(token, 'a message of a conversation of others was shown');
  },
};

export const poison: CertificationCase = {
  id: 'poison',
  level: 'L1',
  title: 'Invalid events',
  proves:
    'Invalid events become dead letters with their original bytes, and later events of the partition are delivered.',
  remedy:
    'Publish what you cannot parse to `hub.dead.<network>`, with its number in the stream and its bytes in base64, then acknowledge it and go on.',
  documented: { file: 'adapters.md', heading: '5. Report' },
  async run(context) {
    const { subject } = context.text('');
    const id = context.newId('poison');
    const payloads = [
      `{"specversion":"1.0","id":"${id}","source":"/network/certify`,
      `{"id":"${id}","hello":1}`,
    ];
    const sequences: number[] = [];
    try {
      for (const [at, payload] of payloads.entries())
        sequences.push(await context.publishRaw(subject, payload, `${id}:${at}`));
      context.note(`published two invalid events, numbers ${sequences.join(', ')}`);
      await context.roundTrip();
      for (const payload of payloads) await deadLettered(context, payload);
    } finally {
      // Deleted in any case, so that the adapter does not get them again.
      for (const sequence of sequences)
        await context.bus.session.jsm.streams
          .deleteMessage(STREAMS.out, sequence, true)
          .catch((error: Error) => context.note(`number ${sequence} could not be deleted: ${error.message}`));
    }
  },
};

async function deadLettered(context: CaseContext, payload: string): Promise<void> {
  const encoded = Buffer.from(payload).toString('base64');
  const letter = await context.witness.until(
    'its dead letter',
    () => context.witness.letters.find((one) => one.payload === encoded),
    context.options.patienceMs,
  );
  context.note('dead letter found', { code: letter.reason });
  must(letter.network === context.network, `the dead letter is of network ${letter.network}`);
}
