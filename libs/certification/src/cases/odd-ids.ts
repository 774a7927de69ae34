/** Level 1: people and events whose ids are unusual but legal. */
import { EventId, type Party } from '#protocol';
import type { CertificationCase } from '../case.js';
import { CaseFailed, must } from '../case-failed.js';
import type { CaseContext } from '../case-context.js';
import { textOf } from '../events.js';
import { LONG_NAMED, ODD_PEOPLE } from '../test-people.js';

export const oddPeople: CertificationCase = {
  id: 'odd-people',
  level: 'L1',
  title: 'People with unusual ids',
  proves:
    'Texts of people whose ids differ only in case, width or Unicode form, or consist of reserved characters, are delivered. Each answer goes to its writer (or, with one bot account, to a correspondent who wrote before). A text of a person with a very long id is delivered or refused visibly.',
  remedy:
    'Keep the local part of an address exactly as it is: decode it once (percent-encoding, UTF-8), encode it once, and fold nothing that the other network has not declared. Where your network cannot hold such an id, map it reversibly.',
  documented: { file: 'adapters.md', heading: 'One address for each person' },
  async run(context) {
    for (const writer of ODD_PEOPLE) await answeredToWriter(context, writer);
    const far = context.text(
      `From far away ${context.token()}`,
      context.between(context.loopback, LONG_NAMED),
    );
    await context.publish(far);
    const { stage, code } = await context.outcomeOf(far);
    must(stage === 'delivered' || code !== '96', `a very long id: reported was ${stage} with ${code}`);
    await context.roundTrip();
  },
};

async function answeredToWriter(context: CaseContext, writer: Party): Promise<void> {
  const token = context.token();
  const between = context.between(context.loopback, writer);
  const sent = context.text(`It is me ${token}`, between);
  const before = context.published.map(({ event }) => event.data.from.address);
  await context.publish(sent);
  await context.delivered(sent);
  const { data } = await context.answered(token);
  // With one bot account for many people, the loopback answers the correspondent whom it selected before.
  if (before.includes(data.to) && data.to !== writer.address && data.from.address === context.loopback)
    return;
  must(data.to === writer.address, `the answer to ${writer.address} went to ${data.to}`);
  await context.answerTo(token, between);
}

export const oddIds: CertificationCase = {
  id: 'odd-ids',
  level: 'L1',
  title: 'Unusual event ids',
  proves:
    'Events whose ids have the shortest and the longest legal form, begin with - or _, or differ only in case, are shown once each.',
  remedy:
    'Take every id of 8 to 64 characters of A-Z a-z 0-9 _ - as it is. Compare ids exactly, and encode them where your network or your store allows fewer characters.',
  documented: { file: 'adapters.md', heading: '3. Publish' },
  async run(context) {
    const { run } = context.options;
    const ids = [
      `-${run.slice(1)}`,
      `_${run}`.padEnd(64, '_-'),
      `${run}-Case-of-letters`,
      `${run}-cASE-OF-LETTERS`,
    ];
    for (const text of ids) {
      const id = EventId.parse(text);
      const token = context.token();
      const sent = textOf(id, context.between(), `An unusual id ${token}`);
      await context.publish(sent);
      await context.delivered(sent);
      await context.answerTo(token).catch((error: unknown) => {
        throw error instanceof CaseFailed ? new CaseFailed(`event ${id}: ${error.message}`) : error;
      });
      await context.shownOnce(token, `event ${id} was shown more than once`);
    }
  },
};
