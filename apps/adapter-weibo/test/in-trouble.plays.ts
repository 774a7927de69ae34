/**
 * Weibo in trouble: it refuses everything for a minute, its token ends, it repeats callbacks five times in any order, and in each
 * of these the adapter is killed. Nothing is lost or doubled.
 */
import type { Stage } from '#adapter-contract';
import { seededRandom } from '../../../test/support/amounts.js';
import { until } from '../../../test/support/hub-fixture.js';
import { ACCOUNT_UID, uidOf, type Told, type WeiboSimulator } from '../simulator/index.js';

const PEOPLE = Array.from({ length: 20 }, (_, n) => `person${n}`);
/** Messages to each of them while Weibo refuses. */
const ROUNDS = 4;

export function inTrouble(stage: () => Stage, weibo: () => WeiboSimulator): void {
  const person = (word: string) => weibo().person(uidOf(word));
  const write = (to: string, text: string) =>
    stage().far.act({ kind: 'message', from: 'sue', to: `${uidOf(to)}@weibo`, text });
  /** Texts of sue that this person has read since then. */
  const read = (word: string, since = 0) =>
    person(word)
      .timeline.slice(since)
      .flatMap(({ text }) => /\] (.*)$/.exec(text ?? '')?.[1] ?? []);
  const failures = () =>
    stage()
      .far.inbox('sue')
      .filter(({ kind }) => kind === 'failure');
  const inDoubt = () => failures().filter(({ code }) => code === '103').length;

  test('429 for a minute, and a kill in the middle: nothing is lost or doubled, and order is kept', async () => {
    for (const word of PEOPLE) person(word).openedAt = weibo().service.clock.now();
    const [doubted, failed] = [inDoubt(), failures().length];
    weibo().service.flood(60_000);
    for (let round = 0; round < ROUNDS; round++) for (const word of PEOPLE) write(word, `round ${round}`);
    await until('Weibo to refuse', () => weibo().service.flooded > 0);
    await stage().restart('SIGKILL');
    expect(PEOPLE.flatMap((word) => read(word))).toEqual([]);
    weibo().advance(60_000);
    const arrived = () => PEOPLE.flatMap((word) => read(word)).length;
    await until('all of it', () => arrived() + inDoubt() - doubted >= PEOPLE.length * ROUNDS);
    for (const word of PEOPLE) {
      const all = Array.from({ length: ROUNDS }, (_, round) => `round ${round}`);
      expect(read(word)).toEqual(all.filter((text) => read(word).includes(text)));
    }
    expect(arrived() + inDoubt() - doubted).toBe(PEOPLE.length * ROUNDS);
    expect(failures().length - failed).toBe(inDoubt() - doubted);
  });

  test('a token that ends in the middle, and a kill: messages wait, and arrive once when it is valid again', async () => {
    const { service } = weibo();
    const [token, since] = [service.token, person('ann').timeline.length];
    const [doubted, failed] = [inDoubt(), failures().length];
    service.token = 'another';
    const texts = [1, 2, 3].map((n) => `without a token ${n}`);
    for (const text of texts) write('ann', text);
    const before = service.withoutToken;
    await until('Weibo to refuse the token', () => service.withoutToken > before);
    expect(read('ann', since)).toEqual([]);
    const restarted = stage().restart('SIGKILL');
    service.token = token;
    await restarted;
    const arrived = () => read('ann', since);
    // Where the kill comes before the adapter has stored the refusal, nobody knows whether Weibo has the message.
    await until('all three', () => arrived().length + inDoubt() - doubted >= texts.length);
    expect(arrived()).toEqual(texts.filter((text) => arrived().includes(text)));
    expect(arrived().length + inDoubt() - doubted).toBe(texts.length);
    expect(inDoubt() - doubted).toBeLessThanOrEqual(1);
    expect(failures().length - failed).toBe(inDoubt() - doubted);
  });

  test('callbacks that come five times in any order, with a kill in the middle, are one message each', async () => {
    const { far } = stage();
    const heard = () => far.inbox('sue').flatMap(({ text }) => text ?? []);
    const says = (text: string) => person('ann').act({ do: 'write', to: ACCOUNT_UID, text });
    await says('@sue@far first');
    await until('the first', () => heard().includes('first'));
    const random = seededRandom();
    const lines = [1, 2, 3, 4, 5].map((n): Told => ({
      type: 'text',
      sender: uidOf('ann'),
      at: new Date(1_764_440_000_000 + n * 1000),
      text: `line ${n}`,
    }));
    const posts = lines
      .flatMap((told) => Array.from({ length: 5 }, () => ({ told, at: random() })))
      .toSorted((one, other) => one.at - other.at);
    const post = async (told: Told): Promise<void> => {
      const taken = () =>
        weibo()
          .callbacks.post(told)
          .then(
            () => true,
            () => false,
          );
      while (!(await taken())) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await Promise.all(posts.slice(0, 12).map(({ told }) => post(told)));
    const killed = stage().restart('SIGKILL');
    await Promise.all(posts.slice(12).map(({ told }) => post(told)));
    await killed;
    await says('last');
    await until('the last', () => heard().includes('last'));
    expect(
      heard()
        .filter((text) => text.startsWith('line '))
        .toSorted(),
    ).toEqual(lines.map(({ text }) => text));
  });
}
