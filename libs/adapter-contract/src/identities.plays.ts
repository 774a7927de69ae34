/** Identities: spellings of the id of one person, and the ids of events that a third-party adapter made. */
import {
  addressOf,
  EMPTY,
  EventId,
  network,
  openToAll,
  plainText,
  type Content,
  type HubEvent,
  type IdRule,
} from '#protocol';
import type { Cast } from './cast.js';
import { answerTo, thirdPartyPerson } from './third-party-person.js';

/** Other spellings of an id, by the rule that its network declares. @param without country code that its ids do not have */
const SPELLINGS: Record<IdRule, (native: string, without: string | undefined) => string[]> = {
  exact: () => [],
  'case-insensitive': (native) => [native.toUpperCase(), wide(native)],
  jid: (native) => [capital(native), `${native}/phone`, `${native}.`, wide(native)],
  'user-and-server': (native) => [serverInUpperCase(native), `${native}.`, wide(native)],
  e164: (native) => [native.slice(1), `00${native.slice(1)}`, `tel:${native}`, wide(native)],
  number: (native, without = '') => [
    `+${without}${native}`,
    `00${without} ${native}`,
    `tel:+${without}-${native}`,
    wide(native),
  ],
};
/** An id that the id rule of the network refuses, if there is one. */
const IMPOSSIBLE: Partial<Record<IdRule, string>> = { jid: 'a person@@localhost' };

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function wide(text: string): string {
  return text.replace(/[a-z0-9]/, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
}

function serverInUpperCase(native: string): string {
  const colon = native.indexOf(':');
  return native.slice(0, colon) + native.slice(colon).toUpperCase();
}

export function identities(cast: Cast): void {
  const rule = cast.expected.capabilities.ids ?? 'exact';
  const far = () => network(cast.stage.far.slug);
  const here = () => network(cast.stage.network);
  const ann = () => addressOf(here(), cast.stage.ann.native);
  const { numbersWithout } = cast.expected.capabilities;
  const spellings = () => SPELLINGS[rule](cast.stage.ann.native, numbersWithout);
  const to = (native: string) => `${native}@${cast.stage.network}`;

  if (rule === 'exact')
    test('T45 every spelling of an id is a different person, as the network declares', () => {
      expect(spellings()).toEqual([]);
    });
  else
    test('T45 a message to another spelling of the id of ann arrives in the same chat', async () => {
      for (const [at, native] of spellings().entries()) {
        const text = `spelling ${at + 1} of you`;
        cast.stage.far.act({ kind: 'message', from: cast.sueName, to: to(native), text });
        const seen = await cast.annSees(text, (one) => one.kind === 'text' && one.text === text);
        if (cast.expected.ghosts) expect(seen.from).toBe(cast.ghost);
      }
      await cast.stage.ann.write(cast.ghost, 'all of them are me');
      const answer = await cast.sueSees('her answer', ({ text }) => text === 'all of them are me');
      expect(answer.from).toBe(cast.annAddress);
    });

  test('T46 a person whom ann blocked cannot reach her under another spelling, and the block is found under any spelling', async () => {
    const blocked = addressOf(far(), 'max');
    const [stored = cast.stage.ann.native, ...others] = spellings();
    const owner = addressOf(here(), stored);
    await cast.stage.consent({ ...openToAll(owner), blocked: [blocked] });
    for (const native of [cast.stage.ann.native, stored, ...others]) {
      const id = cast.stage.far.act({ kind: 'message', from: 'max', to: to(native), text: 'let me in' });
      const refusal = await cast.sees(
        'max',
        `a refusal of ${id}`,
        ({ kind, target }) => kind === 'failure' && target === id,
      );
      expect(refusal.code).toBe('40');
    }
    await cast.stage.consent(openToAll(owner));
    cast.stage.far.act({ kind: 'message', from: 'max', to: cast.annAddress, text: 'max, after the block' });
    await cast.annReads('max, after the block');
    expect(cast.annHas('let me in')).toEqual([]);
  });

  test.each([
    ['T47', '8', '-_-9aZ_-'],
    ['T48', '64', '_'.padEnd(64, '-0Zz_')],
  ])(
    '%s an event of a third-party adapter whose id has %s unusual characters gets receipts, replies and reactions',
    async (_, length, oddId) => {
      // Unique in this run, because the bus remembers an id for a week.
      const id = EventId.parse(oddId);
      const words = `a message with an id of ${length} characters`;
      const [pat, say] = thirdPartyPerson(cast, `pat-${length}`, ann());
      await say(id, { body: plainText(words) }, ['delivered', 'read']);
      const seen = await cast.annReads(words);
      const outcome = await answerTo(cast, pat, 'delivered', (event) => isReceipt(event, 'delivered', id));
      expect(outcome.data.from.address).toBe(ann());
      const { ann: phone } = cast.stage;
      if (cast.can('markRead')) {
        await phone.markRead(seen.from, seen.id);
        await answerTo(cast, pat, 'read', (event) => isReceipt(event, 'read', id));
      }
      if (cast.can('reply')) {
        await phone.reply(seen.from, seen.id, `answer to the ${length}`);
        await answerTo(cast, pat, 'her reply', (event) => contentOf(event)?.inReplyTo === id);
      }
      if (cast.can('react')) {
        await phone.react(seen.from, seen.id, ['🎈']);
        await answerTo(
          cast,
          pat,
          'her reaction',
          (event) => contentOf(event)?.inReplyTo === id && contentOf(event)?.reactions?.current[0] === '🎈',
        );
      }
      await say(EventId.parse(`${length}-edit-of-it`), { replaces: id, body: plainText(`${words}!`) });
      if (cast.shows('edit'))
        await cast.annSees('the edit', ({ kind, text, target }) => {
          return kind === 'edit' && text === `${words}!` && target === seen.id;
        });
      else await cast.annReads(cast.words.edited(`${words}!`));
      await say(EventId.parse(`${length}-recall-of-it`), { replaces: id, body: EMPTY });
      if (cast.shows('recall'))
        await cast.annSees('the recall', ({ kind, target }) => kind === 'recall' && target === seen.id);
      else await cast.annReads(cast.words.recalled);
    },
  );

  const impossible = IMPOSSIBLE[rule];
  if (impossible === undefined)
    test('T49 the id rule of this network refuses no id: the result for an unknown person is 14', () => {
      expect(rule).not.toBe('jid');
    });
  else
    test('T49 an id that nobody can have is refused with 30', async () => {
      const id = cast.stage.far.act({
        kind: 'message',
        from: cast.sueName,
        to: to(impossible),
        text: 'anybody there?',
      });
      // The adapter of the test network uses the kit, which refuses such an id at once; the third-party adapter can send it.
      const [pat, say] = thirdPartyPerson(cast, 'pat', addressOf(here(), impossible));
      await say(EventId.parse('to-nobody-at-all'), { body: plainText('anybody there?') });
      const report = await answerTo(cast, pat, 'a report', ({ type }) => type === 'im.hutong.report.v1');
      expect(report).toMatchObject({ data: { code: '30', message: 'to-nobody-at-all' } });
      expect(
        cast.stage.far.inbox(cast.sueName).filter(({ target, code }) => target === id && code !== '30'),
      ).toEqual([]);
    });
}

function isReceipt(event: HubEvent, status: 'delivered' | 'read', message: EventId): boolean {
  return (
    event.type === 'im.hutong.receipt.v1' &&
    event.data.status === status &&
    event.data.messages.includes(message)
  );
}

function contentOf(event: HubEvent): Content | undefined {
  return event.type === 'im.hutong.message.v1' ? event.data.content : undefined;
}
