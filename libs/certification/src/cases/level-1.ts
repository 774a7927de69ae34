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
import { must } from '../must.js';
import { longText, pieceCount, wordsMissing } from '../long-text.js';
import type { Stage } from '../stage.js';

/** Not there, not telling whether he is, or what the network itself says of it. */
const UNKNOWN: ResultCode[] = ['14', '40', '100', '101', '103'];
const IN_A_ROW = 20;

const signedOn: CertificationCase = {
  id: 'signed-on',
  level: 'L1',
  title: 'The adapter is signed on',
  proves:
    'A sign-on or heartbeat comes, is of its schema, says that the native network is reached, and declares that text is shown.',
  async run(stage) {
    const { signOn } = stage.witness;
    must(signOn !== undefined, stage.witness.badSignOn ?? `no heartbeat within ${SILENT_AFTER_MS / 1000} s`);
    const { body } = signOn;
    stage.note(`instance ${body.instance}, build ${body.build}, capabilities ${body.capabilities.version}`);
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
  async run(stage) {
    const [since, { witness }] = [Date.now(), stage];
    const next = await witness.until(
      'a heartbeat',
      () => (witness.signOn && witness.signOn.at > since ? witness.signOn : undefined),
      SILENT_AFTER_MS,
    );
    stage.note(`heartbeat after ${next.at - since} ms`);
  },
};

const resolve: CertificationCase = {
  id: 'resolve',
  level: 'L1',
  title: 'It knows who is there',
  proves:
    'Asked for the loopback subscriber it says 00; asked for somebody who does not exist 14, or 00 without a party, where the network does not tell.',
  async run(stage) {
    const known = await resolved(stage, stage.loopback);
    must(known.code === '00', `for the loopback it said ${known.code}`);
    must(
      known.party === undefined || known.party.address === stage.loopback,
      'it named another address than was asked for',
    );
    const unknown = await resolved(stage, stage.stranger);
    const untold = unknown.code === '00' && unknown.party === undefined;
    must(
      untold || unknown.code === '14',
      `for ${stage.stranger}, who does not exist, it said ${unknown.code}`,
    );
  },
};

async function resolved(stage: Stage, address: Stage['loopback']): Promise<ResolveReply> {
  const { wires, options, network } = stage;
  const subject = subjects.ask('resolve', network);
  const reply = await ask(wires.link, subject, { address }, ResolveReply, options.patienceMs);
  stage.note(`asked for ${address}`, { code: reply.code });
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
  async run(stage) {
    const token = stage.token();
    const sent = stage.text(`Hello, 你好, שלום 👋 ${token}`);
    const sequence = await stage.publish(sent);
    const { native = [] } = await stage.delivered(sent);
    const refers = REFERRING.some((feature) => levelOf(stage.capabilities, feature) > 0);
    must(native.length > 0 || !refers, 'the report names no native id: nothing could refer to the message');
    await stage.acknowledged(sequence);
    const answer = await stage.answerTo(token);
    const words = wordsOf(answer.data.content.body);
    must(words.includes('你好, שלום 👋'), `the words did not come back as they were: ${words.slice(0, 100)}`);
    await stage.quiet();
    must(stage.answers(token).length === 1, 'the answer came more than once, under several ids');
    must(
      stage.witness.unreadable.length === 0,
      `not as the schema wants it: ${stage.witness.unreadable.join('; ')}`,
    );
  },
};

const once: CertificationCase = {
  id: 'once',
  level: 'L1',
  title: 'The same event twice',
  proves: 'An event that is given again under the same id is shown once.',
  async run(stage) {
    const token = stage.token();
    const sent = stage.text(`Only once ${token}`);
    await stage.publish(sent);
    await stage.delivered(sent);
    await stage.acknowledged(await stage.publish(sent, ':again'));
    await stage.roundTrip();
    await stage.quiet();
    const seen = stage.answers(token).length;
    stage.note(`answered ${seen} times`, { event: sent.id });
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
  async run(stage) {
    const token = stage.token();
    const count = Math.min(IN_A_ROW, stage.capabilities.limits.messagesPerWindow ?? IN_A_ROW);
    const numbered = Array.from({ length: count }, (_, at) => `${token}${String(at).padStart(2, '0')}.`);
    const sent = numbered.map((words) => stage.text(words));
    await Promise.all(sent.map((event) => stage.publish(event)));
    for (const event of sent) await stage.delivered(event);
    await stage.witness.until(
      `${count} answers`,
      () => (stage.answers(token).length >= count ? true : undefined),
      stage.options.patienceMs,
    );
    await stage.quiet();
    const heard = stage.answers(token).map(({ data }) => numberIn(wordsOf(data.content.body), token));
    stage.note(`answered in the order ${heard.join(' ')}`);
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
  async run(stage) {
    const lost = stage.text('Is anybody there?', stage.between(stage.stranger));
    await stage.publish(lost);
    const token = stage.token();
    const other = stage.text(`Are you there? ${token}`, stage.bertToLoopback());
    await stage.publish(other);
    await stage.delivered(other);
    // Where we are one account, he answers whomever he talks with.
    await stage.answered(token);
    await stage.refused(lost, UNKNOWN);
  },
};

const expired: CertificationCase = {
  id: 'expired',
  level: 'L1',
  title: 'Too late',
  proves: 'A message whose time is over fails with 68 and is not shown.',
  async run(stage) {
    const token = stage.token();
    const past = new Date(Date.now() - 1000).toISOString();
    const late = { ...stage.text(`Too late ${token}`), expirytime: past };
    await stage.publish(late);
    await stage.roundTrip();
    await stage.refused(late, ['68']);
    await stage.quiet();
    must(stage.answers(token).length === 0, 'it was shown all the same');
  },
};

const long: CertificationCase = {
  id: 'long-text',
  level: 'L1',
  title: 'A long text',
  proves:
    'A text over the declared limit (or of 6,000 letters, where none is declared) is split and arrives whole, or is refused with 61.',
  async run(stage) {
    const token = stage.token();
    const words = longText(stage.capabilities, token);
    const before = stage.witness.heard.length;
    const sent = stage.text(words.join(' '));
    await stage.publish(sent);
    const outcome = await stage.outcomeOf(sent);
    if (outcome.outcome === 'failed') {
      must(outcome.code === '61', `refused with ${outcome.code}, not with 61`);
      return;
    }
    await stage.roundTrip();
    const pieces = stage.witness.heard
      .slice(before)
      .flatMap((event) => (event.type === 'im.hutong.message.v1' ? [wordsOf(event.data.content.body)] : []));
    const missing = wordsMissing(words, pieces);
    stage.note(`${words.length} words sent, ${missing.length} cut or missing`, { event: sent.id });
    const cuts = pieceCount(words, stage.capabilities);
    must(missing.length <= cuts, `of ${words.length} words ${missing.length} did not come back`);
  },
};

const poison: CertificationCase = {
  id: 'poison',
  level: 'L1',
  title: 'What nobody can read',
  proves:
    'What is no event goes to the dead letters as it was, and what follows it in the lane is delivered.',
  async run(stage) {
    const { subject } = stage.text('');
    const id = stage.newId('poison');
    const payloads = [
      `{"specversion":"1.0","id":"${id}","source":"/network/certify`,
      `{"id":"${id}","hello":1}`,
    ];
    const sequences: number[] = [];
    try {
      for (const [at, payload] of payloads.entries())
        sequences.push(await stage.publishRaw(subject, payload, `${id}:${at}`));
      stage.note(`two that are no events published, numbers ${sequences.join(', ')}`);
      await stage.roundTrip();
      for (const payload of payloads) await buried(stage, payload);
    } finally {
      // Whatever this adapter makes of it, it shall not meet it again.
      for (const sequence of sequences)
        await stage.wires.session.jsm.streams
          .deleteMessage(STREAMS.out, sequence, true)
          .catch((error: Error) => stage.note(`number ${sequence} could not be deleted: ${error.message}`));
    }
  },
};

async function buried(stage: Stage, payload: string): Promise<void> {
  const encoded = Buffer.from(payload).toString('base64');
  const letter = await stage.witness.until(
    'its dead letter',
    () => stage.witness.letters.find((one) => one.payload === encoded),
    stage.options.patienceMs,
  );
  stage.note('found among the dead letters', { code: letter.reason });
  must(letter.network === stage.network, `the dead letter names ${letter.network} as its network`);
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
