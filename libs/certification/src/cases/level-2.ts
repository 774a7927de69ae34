/** Level 2: edits, recalls, reactions, replies, receipts, pictures and groups, each as the adapter declares it. */
import {
  levelOf,
  type Content,
  type EventId,
  type Feature,
  type MessageEvent,
  type ReceiptEvent,
} from '#protocol';
import { EMPTY, plainText, subjects, encodeEvent } from '#protocol';
import { feature, type CertificationCase } from '../case.js';
import { must } from '../case-failed.js';
import { asTheSwitchWould, groupOf, messageOf, readReceiptOf, typingOf } from '../events.js';
import { pictureOf, pictures } from '../picture.js';
import type { CaseContext } from '../case-context.js';
import { justNow } from './refusals.js';

/** Level 2 or 1: shown. 0: shown as text, with a degradation in the outcome. -1 or -2: refused with 12. */
async function expectAsDeclared(context: CaseContext, what: Feature, event: MessageEvent): Promise<void> {
  const level = levelOf(context.capabilities, what);
  context.note(`${what} is declared as ${level}`);
  await context.publish(event);
  if (level < 0) return context.refused(event, ['12']);
  const { degradations = [] } = await context.delivered(event);
  const lost = degradations.some((one) => one.feature === what && one.level <= 0);
  if (level === 0) must(lost, `${what} is shown as text, and the outcome has no degradation`);
  else must(!lost, `${what} is declared as ${level}, but was shown as text`);
}

function changeOf(context: CaseContext, content: Content): MessageEvent {
  return messageOf(context.newId('change'), context.between(), content);
}

const edit: CertificationCase = {
  id: 'edit',
  level: 'L2',
  title: 'An edit',
  proves:
    'A message is edited twice, each time with its first id. The edit is shown, shown as text, or refused with 12, as declared.',
  remedy:
    'Find the native messages of the message that `replaces` names, replace their text, and put into the outcome’s `degradations` what you showed as words.',
  documented: { file: 'adapters.md', heading: 'Several native messages' },
  async run(context) {
    const { sent } = await context.roundTrip();
    for (const words of ['Edited', 'Edited again'])
      await expectAsDeclared(
        context,
        'edit',
        changeOf(context, { replaces: sent.id, body: plainText(`${words} ${context.token()}`) }),
      );
  },
};

const recall: CertificationCase = {
  id: 'recall',
  level: 'L2',
  title: 'A recall',
  proves: 'A message is recalled. The recall is carried out, shown as text, or refused with 12, as declared.',
  remedy: 'Recall every native message of the message that `replaces` names; an empty body is a recall.',
  documented: { file: 'adapters.md', heading: 'Several native messages' },
  async run(context) {
    const { sent } = await context.roundTrip();
    await expectAsDeclared(context, 'recall', changeOf(context, { replaces: sent.id, body: EMPTY }));
  },
};

const authorship: CertificationCase = {
  id: 'authorship',
  level: 'L2',
  title: 'Recall by another author',
  proves:
    'The recall of a message of another author is refused with 25 (or 12, if recalls are not supported).',
  remedy:
    'Compare the author of the message that `replaces` names with the sender, and report 25 if they differ.',
  documented: { file: 'adapters.md', heading: 'Capabilities' },
  async run(context) {
    const { answer } = await context.roundTrip();
    const event = changeOf(context, { replaces: answer.id, body: EMPTY });
    await context.publish(event);
    await context.refused(event, ['25', '12']);
  },
};

const reaction: CertificationCase = {
  id: 'reaction',
  level: 'L2',
  title: 'A reaction',
  proves:
    'A reaction to the answer of the loopback is shown, shown as text, or refused with 12, as declared.',
  remedy: 'Find the message that `inReplyTo` names, also if one of your own people wrote it.',
  documented: { file: 'adapters.md', heading: 'Capabilities' },
  async run(context) {
    const { answer } = await context.roundTrip();
    const reactions = { add: ['👍'], remove: [], current: ['👍'] };
    await expectAsDeclared(
      context,
      'reaction',
      changeOf(context, { inReplyTo: answer.id, body: EMPTY, reactions }),
    );
  },
};

const reply: CertificationCase = {
  id: 'reply',
  level: 'L2',
  title: 'A reply',
  proves: 'A reply to the answer of the loopback is delivered, with its reference or as text.',
  remedy:
    'Find the message that `inReplyTo` names, also if one of your own people wrote it; deliver the text in any case.',
  documented: { file: 'adapters.md', heading: 'Several native messages' },
  async run(context) {
    const { answer } = await context.roundTrip();
    const token = context.token();
    const event = changeOf(context, { inReplyTo: answer.id, body: plainText(`To that I say ${token}`) });
    await context.publish(asTheSwitchWould(event, context.capabilities));
    await context.delivered(event);
    await context.answerTo(token);
  },
};

const receipts: CertificationCase = {
  id: 'receipts',
  level: 'L2',
  title: 'Receipts',
  proves:
    'The outcome of a message says whether a “delivered” receipt was requested. A read receipt for the answer of the loopback is accepted and stops nothing.',
  remedy:
    'Say in the outcome’s `requestDelivered` whether `requestStatus` requests “delivered”, and accept receipts without an outcome.',
  documented: { file: 'adapters.md', heading: '5. Report' },
  async run(context) {
    const { sent, answer } = await context.roundTrip();
    const asked = context.witness.outcomes.find(({ event }) => event === sent.id)?.requestDelivered;
    must(
      asked === true,
      'the outcome does not say that a “delivered” receipt was requested (`requestDelivered`)',
    );
    const receipt = readReceiptOf(context.newId('receipt'), context.between(), [answer.id]);
    await context.acknowledged(await context.publish(receipt));
    await unharmed(context, receipt.id, levelOf(context.capabilities, 'read') > 0);
  },
};

const inventedReceipts: CertificationCase = {
  id: 'invented-receipts',
  level: 'L2',
  title: 'No receipt that nobody gave',
  proves:
    'No receipt names a message of the run that was expired, failed or addressed to nobody, or comes from somebody else than its recipient.',
  remedy:
    'Publish a receipt only when the native network has reported it, for the message and the person that it named.',
  documented: { file: 'adapters.md', heading: '5. Report' },
  async run(context) {
    const toNobody = context.text('Has anybody read this?', context.between(context.stranger));
    const late = { ...context.text('Has this been read?'), expirytime: justNow() };
    for (const event of [toNobody, late]) await context.publish(event);
    await context.outcomeOf(toNobody);
    await context.outcomeOf(late);
    await context.roundTrip();
    await context.quiet();
    for (const event of context.witness.heard)
      if (event.type === 'im.hutong.receipt.v1') mustBeGiven(context, event);
  },
};

function mustBeGiven({ published, witness }: CaseContext, { data }: ReceiptEvent): void {
  for (const id of data.messages) {
    const message = published.find(({ event }) => event.id === id)?.event;
    must(message !== undefined, `a receipt names ${id}, which nobody sent`);
    const { address } = data.from;
    must(address === message.data.to, `a receipt for a message to ${message.data.to} came from ${address}`);
    const failure = witness.outcomes.find(({ event, stage }) => event === id && stage === 'failed');
    must(!failure, `a receipt names ${id}, which failed with ${failure?.code}`);
  }
}

const typing: CertificationCase = {
  id: 'typing',
  level: 'L2',
  title: 'Typing',
  proves: 'A typing event is shown or ignored, and stops nothing.',
  remedy: 'Ignore ephemeral events that your network cannot show.',
  documented: { file: 'adapters.md', heading: '6. Ephemeral events' },
  async run(context) {
    const signal = typingOf(context.newId('typing'), context.between());
    context.bus.session.nc.publish(subjects.signalOut(context.network), encodeEvent(signal));
    context.note('typing event sent', { event: signal.id });
    await unharmed(context, signal.id, true);
  },
};

/** For events without an outcome: a later message is delivered, and the event has neither failed nor become a dead letter. */
async function unharmed(context: CaseContext, id: EventId, mayNotFail: boolean): Promise<void> {
  await context.roundTrip();
  const failure = context.witness.outcomes.find(({ event, stage }) => event === id && stage === 'failed');
  if (mayNotFail) must(!failure, `the event failed with ${failure?.code}`);
  const letter = context.witness.letters.find(({ eventId }) => eventId === id);
  must(!letter, `the event became a dead letter with code ${letter?.reason}`);
}

const media: CertificationCase = {
  id: 'media',
  level: 'L2',
  title: 'A picture',
  proves: 'A small picture is read from the media store and delivered with 00.',
  remedy:
    'Request the blocks of the attachment with the `url` and `grant` of the event, decrypt each with its number as nonce, and compare the SHA-256.',
  documented: { file: 'adapters.md', heading: 'Media' },
  needs: pictures,
  async run(context) {
    const { part, remove } = await pictureOf(context);
    const event = changeOf(context, { body: part });
    await context.publish(event);
    await context.delivered(event);
    const { keeps = [] } = context.witness.outcomes.find((one) => one.event === event.id) ?? {};
    context.note(
      keeps.length > 0 ? 'the network downloads the picture later' : 'the network has the picture',
      {
        event: event.id,
      },
    );
    // A picture that is downloaded later is deleted by the recorder.
    if (keeps.length === 0) await remove();
  },
};

const group: CertificationCase = {
  id: 'group',
  level: 'L2',
  title: 'A group',
  proves: 'A group with the loopback is created, or at least not refused.',
  remedy: 'Accept group events that you declare, or declare no groups.',
  documented: { file: 'adapters.md', heading: 'Capabilities' },
  needs: feature('group'),
  async run(context) {
    const event = groupOf(context.newId('group'), context.between(), `Certification ${context.options.run}`);
    await context.acknowledged(await context.publish(event));
    await unharmed(context, event.id, true);
  },
};

export const LEVEL_2 = [
  edit,
  recall,
  authorship,
  reaction,
  reply,
  receipts,
  inventedReceipts,
  typing,
  media,
  group,
];
