/** Level 2: changes, references, receipts, pictures and groups, each as the adapter declares it. */
import { levelOf, type Content, type EventId, type Feature, type MessageEvent } from '#protocol';
import { EMPTY, plainText, subjects, encodeEvent } from '#protocol';
import { feature, type CertificationCase } from '../case.js';
import { must } from '../must.js';
import { asTheSwitchWould, groupOf, messageOf, readReceiptOf, typingOf } from '../events.js';
import { pictureOf, pictures } from '../picture.js';
import type { Stage } from '../stage.js';

/** 2 or 1: done. 0: done in words, and said so. -1 or -2: refused with 12. */
async function expectAsDeclared(stage: Stage, what: Feature, event: MessageEvent): Promise<void> {
  const level = levelOf(stage.capabilities, what);
  stage.note(`${what} is declared as ${level}`);
  await stage.publish(event);
  if (level < 0) return stage.refused(event, ['12']);
  const { degradations = [] } = await stage.delivered(event);
  const lost = degradations.some((one) => one.feature === what && one.level <= 0);
  if (level === 0) must(lost, `${what} is shown in words, and the report does not say so`);
  else must(!lost, `${what} is declared as ${level}, and was shown in words`);
}

function changeOf(stage: Stage, content: Content): MessageEvent {
  return messageOf(stage.newId('change'), stage.between(), content);
}

const edit: CertificationCase = {
  id: 'edit',
  level: 'L2',
  title: 'An edit',
  proves:
    'A message is edited twice, each time by its first id: done, told in words or refused with 12, as declared.',
  async run(stage) {
    const { sent } = await stage.roundTrip();
    for (const words of ['Edited', 'Edited again'])
      await expectAsDeclared(
        stage,
        'edit',
        changeOf(stage, { replaces: sent.id, body: plainText(`${words} ${stage.token()}`) }),
      );
  },
};

const recall: CertificationCase = {
  id: 'recall',
  level: 'L2',
  title: 'A recall',
  proves: 'A message is recalled: done, told in words or refused with 12, as declared.',
  async run(stage) {
    const { sent } = await stage.roundTrip();
    await expectAsDeclared(stage, 'recall', changeOf(stage, { replaces: sent.id, body: EMPTY }));
  },
};

const authorship: CertificationCase = {
  id: 'authorship',
  level: 'L2',
  title: 'Not yours',
  proves: 'Nobody recalls what another wrote: refused with 25 (or 12, where nothing is recalled).',
  async run(stage) {
    const { answer } = await stage.roundTrip();
    const event = changeOf(stage, { replaces: answer.id, body: EMPTY });
    await stage.publish(event);
    await stage.refused(event, ['25', '12']);
  },
};

const reaction: CertificationCase = {
  id: 'reaction',
  level: 'L2',
  title: 'A reaction',
  proves: 'A reaction to the loopback’s answer: shown, told in words or refused with 12, as declared.',
  async run(stage) {
    const { answer } = await stage.roundTrip();
    const reactions = { add: ['👍'], remove: [], current: ['👍'] };
    await expectAsDeclared(
      stage,
      'reaction',
      changeOf(stage, { inReplyTo: answer.id, body: EMPTY, reactions }),
    );
  },
};

const reply: CertificationCase = {
  id: 'reply',
  level: 'L2',
  title: 'A reply',
  proves: 'A reply to the loopback’s answer is delivered, with its reference or in words.',
  async run(stage) {
    const { answer } = await stage.roundTrip();
    const token = stage.token();
    const event = changeOf(stage, { inReplyTo: answer.id, body: plainText(`To that I say ${token}`) });
    await stage.publish(asTheSwitchWould(event, stage.capabilities));
    await stage.delivered(event);
    await stage.answerTo(token);
  },
};

const receipts: CertificationCase = {
  id: 'receipts',
  level: 'L2',
  title: 'Receipts',
  proves:
    'The report of a message says whether “delivered” was asked for; a read receipt for the loopback’s answer is taken, and stops nothing.',
  async run(stage) {
    const { sent, answer } = await stage.roundTrip();
    const asked = stage.witness.outcomes.find(({ event }) => event === sent.id)?.requestDelivered;
    must(asked === true, 'the report does not repeat that “delivered” was asked for (`requestDelivered`)');
    const receipt = readReceiptOf(stage.newId('receipt'), stage.between(), [answer.id]);
    await stage.acknowledged(await stage.publish(receipt));
    await unharmed(stage, receipt.id, levelOf(stage.capabilities, 'read') > 0);
  },
};

const typing: CertificationCase = {
  id: 'typing',
  level: 'L2',
  title: 'Typing',
  proves: 'A typing signal is taken or let go, and stops nothing.',
  async run(stage) {
    const signal = typingOf(stage.newId('typing'), stage.between());
    stage.wires.session.nc.publish(subjects.signalOut(stage.network), encodeEvent(signal));
    stage.note('signal sent', { event: signal.id });
    await unharmed(stage, signal.id, true);
  },
};

/** What has no report of its own: a message goes after it, and nothing bad was said of it. */
async function unharmed(stage: Stage, id: EventId, mayNotFail: boolean): Promise<void> {
  await stage.roundTrip();
  const failure = stage.witness.outcomes.find(({ event, outcome }) => event === id && outcome === 'failed');
  if (mayNotFail) must(!failure, `it failed with ${failure?.code}`);
  const letter = stage.witness.letters.find(({ eventId }) => eventId === id);
  must(!letter, `it went to the dead letters with ${letter?.reason}`);
}

const media: CertificationCase = {
  id: 'media',
  level: 'L2',
  title: 'A picture',
  proves: 'A small picture is fetched from the media store and delivered with 00.',
  needs: pictures,
  async run(stage) {
    const { part, remove } = await pictureOf(stage);
    const event = changeOf(stage, { body: part });
    await stage.publish(event);
    await stage.delivered(event);
    const { keeps = [] } = stage.witness.outcomes.find((one) => one.event === event.id) ?? {};
    stage.note(keeps.length > 0 ? 'the network will fetch it later' : 'the network has it', {
      event: event.id,
    });
    // What is fetched later goes with the hub's own clearing out.
    if (keeps.length === 0) await remove();
  },
};

const group: CertificationCase = {
  id: 'group',
  level: 'L2',
  title: 'A group',
  proves: 'A group with the loopback in it is made, or at least not refused.',
  needs: feature('group'),
  async run(stage) {
    const event = groupOf(stage.newId('group'), stage.between(), `Certification ${stage.options.run}`);
    await stage.acknowledged(await stage.publish(event));
    await unharmed(stage, event.id, true);
  },
};

export const LEVEL_2 = [edit, recall, authorship, reaction, reply, receipts, typing, media, group];
