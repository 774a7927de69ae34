/** Level 1: text messages arrive once and in order, and bad input stops nothing. Every adapter must pass. */
import { ask } from '#bus';
import {
  SILENT_AFTER_MS,
  levelOf,
  requests,
  STREAMS,
  wordsOf,
  type Feature,
  type ResolveAnswer,
  type ResultCode,
} from '#protocol';
import type { CertificationCase } from '../case.js';
import { must } from '../case-failed.js';
import { longText, pieceCount, wordsMissing } from '../long-text.js';
import type { CaseContext } from '../case-context.js';

/** Codes for a recipient who does not exist: unknown, masked, or a code of the network. */
const UNKNOWN: ResultCode[] = ['14', '40', '100', '101', '103'];
const IN_A_ROW = 20;

const signedOn: CertificationCase = {
  id: 'signed-on',
  level: 'L1',
  title: 'The adapter is signed on',
  proves:
    'The adapter sends a sign-on or heartbeat that matches the schema, is connected to its native network, and declares that text is shown.',
  async run(context) {
    const { signOn } = context.witness;
    must(
      signOn !== undefined,
      context.witness.badSignOn ?? `no heartbeat within ${SILENT_AFTER_MS / 1000} s`,
    );
    const { body } = signOn;
    context.note(`instance ${body.instance}, build ${body.build}, capabilities ${body.capabilities.version}`);
    must(body.nativeConnected, 'the adapter reports that it has no connection to its native network');
    must(levelOf(body.capabilities, 'text') > 0, 'the adapter declares that text is not shown');
    return Promise.resolve();
  },
};

const heartbeat: CertificationCase = {
  id: 'heartbeat',
  level: 'L1',
  title: 'Heartbeats',
  proves: 'Another heartbeat follows within 8 s.',
  async run(context) {
    const [since, { witness }] = [Date.now(), context];
    const next = await witness.until(
      'a heartbeat',
      () => (witness.signOn && witness.signOn.at > since ? witness.signOn : undefined),
      SILENT_AFTER_MS,
    );
    context.note(`heartbeat after ${next.at - since} ms`);
  },
};

const resolve: CertificationCase = {
  id: 'resolve',
  level: 'L1',
  title: 'Looking up people',
  proves:
    'The adapter answers 00 for the loopback subscriber. For a person who does not exist it answers 14, or 00 without a party if the network does not tell.',
  async run(context) {
    const known = await resolved(context, context.loopback);
    must(known.code === '00', `for the loopback it answered ${known.code}`);
    must(
      known.party === undefined || known.party.address === context.loopback,
      'it returned another address than the requested one',
    );
    const unknown = await resolved(context, context.stranger);
    const untold = unknown.code === '00' && unknown.party === undefined;
    must(
      untold || unknown.code === '14',
      `for ${context.stranger}, who does not exist, it answered ${unknown.code}`,
    );
  },
};

async function resolved(context: CaseContext, address: CaseContext['loopback']): Promise<ResolveAnswer> {
  const { bus, options, network } = context;
  const reply = await ask(bus.link, requests.askResolve(network), { address }, options.patienceMs);
  context.note(`looked up ${address}`, { code: reply.code });
  return reply;
}

/** Features that need the native id of a message. */
const REFERRING: Feature[] = ['reply', 'edit', 'recall', 'reaction'];

const text: CertificationCase = {
  id: 'text',
  level: 'L1',
  title: 'A text and its answer',
  proves:
    'The text is reported delivered with 00 and acknowledged. The answer arrives once, from the right person, in the same conversation and partition.',
  async run(context) {
    const token = context.token();
    const sent = context.text(`Hello, 你好, שלום 👋 ${token}`);
    const sequence = await context.publish(sent);
    const { native = [] } = await context.delivered(sent);
    const refers = REFERRING.some((feature) => levelOf(context.capabilities, feature) > 0);
    must(
      native.length > 0 || !refers,
      'the outcome names no native id, so that later events cannot refer to the message',
    );
    await context.acknowledged(sequence);
    const answer = await context.answerTo(token);
    const words = wordsOf(answer.data.content.body);
    must(words.includes('你好, שלום 👋'), `the answer has another text: ${words.slice(0, 100)}`);
    await context.quiet();
    must(context.answers(token).length === 1, 'the answer arrived more than once, with different ids');
    must(
      context.witness.unreadable.length === 0,
      `does not match the schema: ${context.witness.unreadable.join('; ')}`,
    );
  },
};

const once: CertificationCase = {
  id: 'once',
  level: 'L1',
  title: 'The same event twice',
  proves: 'An event that is published again with the same id is shown once.',
  async run(context) {
    const token = context.token();
    const sent = context.text(`Only once ${token}`);
    await context.publish(sent);
    await context.delivered(sent);
    await context.acknowledged(await context.publish(sent, ':again'));
    await context.roundTrip();
    await context.quiet();
    const seen = context.answers(token).length;
    context.note(`number of answers: ${seen}`, { event: sent.id });
    must(seen > 0, 'there was no answer');
    must(seen === 1, `it was shown ${seen} times`);
  },
};

const order: CertificationCase = {
  id: 'order',
  level: 'L1',
  title: 'Twenty in order',
  proves:
    'Twenty texts, published at the same time, are answered in order (or as many as the reply window allows).',
  async run(context) {
    const token = context.token();
    const count = Math.min(IN_A_ROW, context.capabilities.limits.messagesPerWindow ?? IN_A_ROW);
    const numbered = Array.from({ length: count }, (_, at) => `${token}${String(at).padStart(2, '0')}.`);
    const sent = numbered.map((words) => context.text(words));
    await Promise.all(sent.map((event) => context.publish(event)));
    for (const event of sent) await context.delivered(event);
    await context.witness.until(
      `${count} answers`,
      () => (context.answers(token).length >= count ? true : undefined),
      context.options.patienceMs,
    );
    await context.quiet();
    const heard = context.answers(token).map(({ data }) => numberIn(wordsOf(data.content.body), token));
    context.note(`answered in the order ${heard.join(' ')}`);
    must(
      heard.join() === numbered.map((_, at) => at).join(),
      `answered in another order: ${heard.join(' ')}`,
    );
  },
};

function numberIn(words: string, token: string): number {
  return Number(words.slice(words.indexOf(token) + token.length).slice(0, 2));
}

const unknownPerson: CertificationCase = {
  id: 'unknown-person',
  level: 'L1',
  title: 'An unknown recipient',
  proves:
    'A message to a person who does not exist fails with 14 (or 40, which can mask it, or a code 1xx of the network), and does not delay another conversation.',
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

const expired: CertificationCase = {
  id: 'expired',
  level: 'L1',
  title: 'An expired message',
  proves: 'An expired message fails with 68 and is not shown.',
  async run(context) {
    const token = context.token();
    const past = new Date(Date.now() - 1000).toISOString();
    const late = { ...context.text(`Too late ${token}`), expirytime: past };
    await context.publish(late);
    await context.roundTrip();
    await context.refused(late, ['68']);
    await context.quiet();
    must(context.answers(token).length === 0, 'the expired message was shown');
  },
};

const long: CertificationCase = {
  id: 'long-text',
  level: 'L1',
  title: 'A long text',
  proves:
    'A text over the declared limit (or of 6,000 letters without a limit) is split and arrives completely, or is refused with 61.',
  async run(context) {
    const token = context.token();
    const words = longText(context.capabilities, token);
    const before = context.witness.heard.length;
    const sent = context.text(words.join(' '));
    await context.publish(sent);
    const outcome = await context.outcomeOf(sent);
    if (outcome.stage === 'failed') {
      must(outcome.code === '61', `refused with ${outcome.code}, not with 61`);
      return;
    }
    await context.roundTrip();
    const pieces = context.witness.heard
      .slice(before)
      .flatMap((event) => (event.type === 'im.hutong.message.v1' ? [wordsOf(event.data.content.body)] : []));
    const missing = wordsMissing(words, pieces);
    context.note(`${words.length} words sent, ${missing.length} cut or missing`, { event: sent.id });
    const cuts = pieceCount(words, context.capabilities);
    must(missing.length <= cuts, `${missing.length} of ${words.length} words are missing in the answers`);
  },
};

const poison: CertificationCase = {
  id: 'poison',
  level: 'L1',
  title: 'Invalid events',
  proves:
    'Invalid events become dead letters with their original bytes, and later events of the partition are delivered.',
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

export const LEVEL_1 = [
  signedOn,
  heartbeat,
  resolve,
  text,
  once,
  order,
  unknownPerson,
  expired,
  long,
  poison,
];
