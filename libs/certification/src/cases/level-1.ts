/** Level 1: texts arrive, once, in order, and nothing bad stops what is good. Every adapter has to. */
import { ask } from '#bus';
import {
  SILENT_AFTER_MS,
  levelOf,
  ResolveReply,
  STREAMS,
  subjects,
  wordsOf,
  type Feature,
  type ResultCode,
} from '#protocol';
import type { CertificationCase } from '../case.js';
import { must } from '../case-failed.js';
import { longText, pieceCount, wordsMissing } from '../long-text.js';
import type { CaseContext } from '../case-context.js';

/** Not there, not telling whether he is, or what the network itself says of it. */
const UNKNOWN: ResultCode[] = ['14', '40', '100', '101', '103'];
const IN_A_ROW = 20;

const signedOn: CertificationCase = {
  id: 'signed-on',
  level: 'L1',
  title: 'The adapter is signed on',
  proves:
    'A sign-on or heartbeat comes, is of its schema, says that the native network is reached, and declares that text is shown.',
  async run(context) {
    const { signOn } = context.witness;
    must(
      signOn !== undefined,
      context.witness.badSignOn ?? `no heartbeat within ${SILENT_AFTER_MS / 1000} s`,
    );
    const { body } = signOn;
    context.note(`instance ${body.instance}, build ${body.build}, capabilities ${body.capabilities.version}`);
    must(body.nativeConnected, 'the adapter says that its native network is not reached');
    must(levelOf(body.capabilities, 'text') > 0, 'it declares that it shows no text');
    return Promise.resolve();
  },
};

const heartbeat: CertificationCase = {
  id: 'heartbeat',
  level: 'L1',
  title: 'Heartbeats come',
  proves: 'Within eight seconds another heartbeat follows.',
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
  title: 'It knows who is there',
  proves:
    'Asked for the loopback subscriber it says 00; asked for somebody who does not exist 14, or 00 without a party, where the network does not tell.',
  async run(context) {
    const known = await resolved(context, context.loopback);
    must(known.code === '00', `for the loopback it said ${known.code}`);
    must(
      known.party === undefined || known.party.address === context.loopback,
      'it named another address than was asked for',
    );
    const unknown = await resolved(context, context.stranger);
    const untold = unknown.code === '00' && unknown.party === undefined;
    must(
      untold || unknown.code === '14',
      `for ${context.stranger}, who does not exist, it said ${unknown.code}`,
    );
  },
};

async function resolved(context: CaseContext, address: CaseContext['loopback']): Promise<ResolveReply> {
  const { bus, options, network } = context;
  const subject = subjects.ask('resolve', network);
  const reply = await ask(bus.link, subject, { address }, ResolveReply, options.patienceMs);
  context.note(`asked for ${address}`, { code: reply.code });
  return reply;
}

/** Where none of them is shown, a network has no need of an id of the message. */
const REFERRING: Feature[] = ['reply', 'edit', 'recall', 'reaction'];

const text: CertificationCase = {
  id: 'text',
  level: 'L1',
  title: 'A text there and back',
  proves:
    'It is reported delivered with 00 and acknowledged; the answer comes in once, from the right person, in the same conversation, in its lane.',
  async run(context) {
    const token = context.token();
    const sent = context.text(`Hello, 你好, שלום 👋 ${token}`);
    const sequence = await context.publish(sent);
    const { native = [] } = await context.delivered(sent);
    const refers = REFERRING.some((feature) => levelOf(context.capabilities, feature) > 0);
    must(native.length > 0 || !refers, 'the report names no native id: nothing could refer to the message');
    await context.acknowledged(sequence);
    const answer = await context.answerTo(token);
    const words = wordsOf(answer.data.content.body);
    must(words.includes('你好, שלום 👋'), `the words did not come back as they were: ${words.slice(0, 100)}`);
    await context.quiet();
    must(context.answers(token).length === 1, 'the answer came more than once, under several ids');
    must(
      context.witness.unreadable.length === 0,
      `not as the schema wants it: ${context.witness.unreadable.join('; ')}`,
    );
  },
};

const once: CertificationCase = {
  id: 'once',
  level: 'L1',
  title: 'The same event twice',
  proves: 'An event that is given again under the same id is shown once.',
  async run(context) {
    const token = context.token();
    const sent = context.text(`Only once ${token}`);
    await context.publish(sent);
    await context.delivered(sent);
    await context.acknowledged(await context.publish(sent, ':again'));
    await context.roundTrip();
    await context.quiet();
    const seen = context.answers(token).length;
    context.note(`answered ${seen} times`, { event: sent.id });
    must(seen > 0, 'it was never answered');
    must(seen === 1, `it was shown ${seen} times`);
  },
};

const order: CertificationCase = {
  id: 'order',
  level: 'L1',
  title: 'Twenty in order',
  proves:
    'Twenty texts at once are answered in their order (as many as the reply window allows, where there is one).',
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
  title: 'Nobody of that name',
  proves:
    'A message to somebody who does not exist fails with 14 (or with 40, which may mask it, or the network’s own 1xx), and another conversation goes on meanwhile.',
  async run(context) {
    const lost = context.text('Is anybody there?', context.between(context.stranger));
    await context.publish(lost);
    const token = context.token();
    const other = context.text(`Are you there? ${token}`, context.bertToLoopback());
    await context.publish(other);
    await context.delivered(other);
    // Where we are one account, he answers whomever he talks with.
    await context.answered(token);
    await context.refused(lost, UNKNOWN);
  },
};

const expired: CertificationCase = {
  id: 'expired',
  level: 'L1',
  title: 'Too late',
  proves: 'A message whose time is over fails with 68 and is not shown.',
  async run(context) {
    const token = context.token();
    const past = new Date(Date.now() - 1000).toISOString();
    const late = { ...context.text(`Too late ${token}`), expirytime: past };
    await context.publish(late);
    await context.roundTrip();
    await context.refused(late, ['68']);
    await context.quiet();
    must(context.answers(token).length === 0, 'it was shown all the same');
  },
};

const long: CertificationCase = {
  id: 'long-text',
  level: 'L1',
  title: 'A long text',
  proves:
    'A text over the declared limit (or of 6,000 letters, where none is declared) is split and arrives whole, or is refused with 61.',
  async run(context) {
    const token = context.token();
    const words = longText(context.capabilities, token);
    const before = context.witness.heard.length;
    const sent = context.text(words.join(' '));
    await context.publish(sent);
    const outcome = await context.outcomeOf(sent);
    if (outcome.outcome === 'failed') {
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
    must(missing.length <= cuts, `of ${words.length} words ${missing.length} did not come back`);
  },
};

const poison: CertificationCase = {
  id: 'poison',
  level: 'L1',
  title: 'What nobody can read',
  proves:
    'What is no event goes to the dead letters as it was, and what follows it in the lane is delivered.',
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
      context.note(`two that are no events published, numbers ${sequences.join(', ')}`);
      await context.roundTrip();
      for (const payload of payloads) await deadLettered(context, payload);
    } finally {
      // Whatever this adapter makes of it, it shall not meet it again.
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
  context.note('found among the dead letters', { code: letter.reason });
  must(letter.network === context.network, `the dead letter names ${letter.network} as its network`);
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
