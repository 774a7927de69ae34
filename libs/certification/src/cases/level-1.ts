/** Level 1: text messages arrive once and in order, and bad input stops nothing. Every adapter must pass. */
import { ask } from '#bus';
import {
  SILENT_AFTER_MS,
  levelOf,
  RequestProblem,
  requests,
  wordsOf,
  type DurableEvent,
  type Feature,
  type ResolveAnswer,
} from '#protocol';
import type { CertificationCase } from '../case.js';
import { must } from '../case-failed.js';
import { longText, pieceCount, wordsMissing } from '../long-text.js';
import type { CaseContext } from '../case-context.js';
import { connectionCut, restart, takenOver, twoInstances } from './interruptions.js';
import { NumberedTexts } from './numbered-texts.js';
import { oddIds, oddPeople } from './odd-ids.js';
import { expired, foreignConversation, poison, unknownPerson } from './refusals.js';

/** Two lines with letters of several scripts and forms, a joined emoji, and what needs escaping in XML, JSON and URLs. */
const EXACT = `Hello, 你好, שלום 👋 <b>&amp;</b> "x" \\ %41\nZo\u00eb, Zoe\u0308, ＡＢ, 👩‍👩‍👧`;
const IN_A_ROW = 20;

const signedOn: CertificationCase = {
  id: 'signed-on',
  level: 'L1',
  title: 'The adapter is signed on',
  proves:
    'The adapter sends a sign-on or heartbeat that matches the schema, is connected to its native network, and declares that text is shown.',
  remedy:
    'Send the sign-on again and again until it is answered, in the form of the schema, and say in `nativeConnected` whether the native network can be reached.',
  documented: { file: 'adapters.md', heading: '2. Sign on' },
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
  remedy: 'Send the body of the sign-on to `hub.control.heartbeat.<network>` every two seconds.',
  documented: { file: 'adapters.md', heading: '2. Sign on' },
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
  remedy: 'Subscribe to `hub.ask.resolve.<network>` and answer every request on its reply subject.',
  documented: { file: 'adapters.md', heading: '7. Answer look-ups' },
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

/** The answer to a look-up. An adapter says that a person does not exist in an answer or in an error. */
async function resolved(context: CaseContext, address: CaseContext['loopback']): Promise<ResolveAnswer> {
  const { bus, options, network } = context;
  const asked = ask(bus.link, requests.askResolve(network), { address }, options.patienceMs);
  const reply = await asked.catch((error: unknown): ResolveAnswer => {
    if (error instanceof RequestProblem && error.code === '14') return { code: '14' };
    throw error;
  });
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
    'The text is reported delivered with 00 and acknowledged. The answer arrives once, with the same text, from the right person, in the same conversation and partition.',
  remedy:
    'Answer with the conversation of the two addresses, on its partition, from the address of the person who wrote; keep the text as it is; name the native ids in the outcome.',
  documented: { file: 'adapters.md', heading: '3. Publish' },
  async run(context) {
    const token = context.token();
    const sent = context.text(`${EXACT} ${token}`);
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
    must(words.includes(EXACT), `the answer has another text: ${words.slice(0, 100)}`);
    await context.shownOnce(token, 'the answer arrived more than once, with different ids');
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
  remedy:
    'Store which ids you have delivered, and report an event that comes again without showing it again.',
  documented: { file: 'adapters.md', heading: '5. Report' },
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
    'Twenty texts, published at the same time, are answered once each and in order (or as many as the reply window allows).',
  remedy:
    'Deliver one event of a conversation at a time, and take native messages of a conversation in the order in which the network gave them.',
  documented: { file: 'adapters.md', heading: '4. Consume' },
  async run(context) {
    const texts = new NumberedTexts(context);
    await texts.publish(Math.min(IN_A_ROW, context.capabilities.limits.messagesPerWindow ?? IN_A_ROW));
    await texts.areAllShownOnce();
  },
};

const acknowledgedLast: CertificationCase = {
  id: 'acknowledged-last',
  level: 'L1',
  title: 'Acknowledged after the outcome',
  proves:
    'No event of the cases before was acknowledged on the bus before its outcome was published: an adapter that ends in between would lose it.',
  remedy:
    'Deliver the event, publish its outcome, wait until the stream has stored the outcome, and then acknowledge the event.',
  documented: { file: 'adapters.md', heading: '5. Report' },
  async run(context) {
    const { published, witness } = context;
    const sent = context.text(`One more ${context.token()}`);
    await context.acknowledged(await context.publish(sent));
    const early = published
      .filter(({ event, sequence }) => hasOutcome(event) && witness.isAcknowledgedFirst(sequence, event.id))
      .map(({ sequence }) => sequence);
    context.note(`${published.length} events compared`);
    must(
      early.length === 0,
      `acknowledged on the bus before their outcomes: number ${early.slice(0, 20).join(', ')}`,
    );
  },
};

function hasOutcome({ type }: DurableEvent): boolean {
  return type === 'im.hutong.message.v1';
}

const long: CertificationCase = {
  id: 'long-text',
  level: 'L1',
  title: 'A long text',
  proves:
    'A text over the declared limit (or of 6,000 letters without a limit) is split and arrives completely, or is refused with 61.',
  remedy: 'Split the text at the limit that you declare, or report 61.',
  documented: { file: 'adapters.md', heading: 'Several native messages' },
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

export const LEVEL_1 = [
  signedOn,
  heartbeat,
  resolve,
  text,
  once,
  order,
  acknowledgedLast,
  unknownPerson,
  expired,
  foreignConversation,
  long,
  poison,
  oddPeople,
  oddIds,
  connectionCut,
  takenOver,
  restart,
  twoInstances,
];
