/** Invitations to rooms: reports while an invitation is unanswered, after it was declined, and after messages expired. */
import { addressOf, EventId, network, plainText } from '#protocol';
import type { Cast } from './cast.js';
import { answerTo, thirdPartyPerson } from './third-party-person.js';

/** Long enough for the message to arrive, and shorter than the time limit of a play. */
const EXPIRES_AFTER_MS = 15_000;

export function rooms(cast: Cast): void {
  const delivered = (person: string, target: string) =>
    cast.stage.far.inbox(person).some((act) => act.kind === 'delivered' && act.target === target);

  /** A person whom ann has never met writes to her. @returns its native id */
  const writes = (from: string, text: string) =>
    cast.stage.far.act({ kind: 'message', from, to: cast.annAddress, text });

  test('T60 messages to a person who has not accepted the invitation are delivered when they accept', async () => {
    const { ann } = cast.stage;
    ann.holdInvitations?.();
    const asked = writes('tim', 'may I?');
    if (cast.expected.invites) {
      const invitation = await cast.annSees(
        'an invitation',
        ({ kind, from }) => kind === 'invited' && from === cast.stage.ghostOf('tim'),
      );
      expect(delivered('tim', asked)).toBe(false);
      await ann.answerInvitation?.(invitation, true);
    } else {
      // A network without invitations: the text arrives at once.
      await cast.annSees('the words', ({ text }) => text?.includes('may I?') ?? false);
      expect('answerInvitation' in ann).toBe(false);
    }
    await cast.sees('tim', 'delivered', ({ kind, target }) => kind === 'delivered' && target === asked);
  });

  test('T61 a person who declined an invitation is not invited again by the next message, and its sender is notified', async () => {
    const { ann } = cast.stage;
    if (!cast.expected.invites) {
      expect('answerInvitation' in ann).toBe(false);
      return;
    }
    ann.holdInvitations?.();
    const first = writes('una', 'hello?');
    const from = cast.stage.ghostOf('una');
    const invitation = await cast.annSees(
      'an invitation',
      (seen) => seen.kind === 'invited' && seen.from === from,
    );
    await ann.answerInvitation?.(invitation, false);
    await cast.sees(
      'una',
      'a failure',
      ({ kind, target, code }) => kind === 'failure' && target === first && code === '40',
    );
    const second = writes('una', 'hello again?');
    await cast.sees(
      'una',
      'another',
      ({ kind, target, code }) => kind === 'failure' && target === second && code === '40',
    );
    const invitations = ann.timeline.filter((seen) => seen.kind === 'invited' && seen.from === from);
    expect(invitations).toHaveLength(1);
  });

  test('T59 a message to a person who never answers an invitation expires, and its sender is notified', async () => {
    const { ann } = cast.stage;
    if (!cast.expected.invites) {
      expect('answerInvitation' in ann).toBe(false);
      return;
    }
    ann.holdInvitations?.();
    const [xan, say] = thirdPartyPerson(cast, 'xan', addressOf(network(cast.stage.network), ann.native));
    const id = EventId.parse('a-message-that-expires');
    await say(id, { body: plainText('for a short time') }, [], new Date(Date.now() + EXPIRES_AFTER_MS));
    const from = cast.stage.ghostOf('xan');
    const invitation = await cast.annSees(
      'an invitation',
      (seen) => seen.kind === 'invited' && seen.from === from,
    );
    const report = await answerTo(cast, xan, 'a report', ({ type }) => type === 'im.hutong.report.v1');
    expect(report).toMatchObject({ data: { code: '68', message: id } });
    await ann.answerInvitation?.(invitation, true);
    await say(EventId.parse('a-message-in-time'), { body: plainText('for a long time') });
    await cast.annReads('for a long time');
    expect(cast.annHas('for a short time')).toEqual([]);
    // Once, also after the person has answered.
    const reports = cast.stage.thirdParty.received.filter(
      (event) => event.type === 'im.hutong.report.v1' && event.data.message === id,
    );
    expect(reports).toHaveLength(1);
  });
}
