/**
 * Two processes of an adapter with the same settings, whose network takes one of them: one works, and the other one waits until it
 * has ended. The one that works is killed in the middle of messages.
 */
import type { TestNetwork } from '#adapter-contract';
import { answersHttp } from '#engines';
import type { Person } from '#simulators';
import { HubFixture, until, type App } from '../support/hub-fixture.js';

/** A simulated network without an adapter. */
export interface SoleHome {
  slug: string;
  /** Name of the app in `apps`. */
  app: string;
  /** Of both processes. */
  settings: NodeJS.ProcessEnv;
  /** Somebody to whom others write, and who answers. */
  person: Person;
  /** Resolves when the person can be written to. */
  ready?(): Promise<unknown>;
  /** How many processes are logged in; undefined: the network does not tell. */
  sessions?(): number;
  close(): Promise<unknown>;
}

/** Declares the tests. */
export function oneProcessWorks(open: (hub: HubFixture) => Promise<SoleHome>): void {
  let hub: HubFixture;
  let far: TestNetwork;
  let home: SoleHome;
  const processes: App[] = [];

  const write = (text: string) =>
    far.act({ kind: 'message', from: 'sue', to: `${home.person.native}@${home.slug}`, text });
  const seen = (text: string) => home.person.timeline.filter((sight) => sight.text?.endsWith(text));
  const arrives = (text: string) => until(`"${text}"`, () => seen(text).length > 0);
  const heard = () => far.inbox('sue').flatMap(({ kind, text }) => (kind === 'message' ? [text] : []));
  const inDoubt = (id: string) =>
    far.inbox('sue').some(({ code, target }) => code === '103' && target === id);
  async function answers(text: string): Promise<void> {
    const last = home.person.timeline.findLast((sight) => sight.kind === 'text');
    await home.person.act({ do: 'write', to: last?.from ?? '', text });
    await until('the answer', () => heard().includes(text));
  }
  const isReady = (at: number) => answersHttp(`${processes[at]?.url}/healthz/ready`);

  beforeAll(async () => {
    hub = await HubFixture.open();
    home = await open(hub);
    await hub.switch();
    await hub.serveSignOn(['far', home.slug]);
    far = await hub.testNetwork('far');
    const env = { ...home.settings, NATS_CREDS: await hub.admit(home.slug) };
    for (const name of ['first', 'second']) {
      const entry = `dist/apps/${home.app}/src/main.js`;
      processes.push(await hub.app(name, entry, env, '/healthz/live'));
      await until('the work of the first one', () => isReady(0));
    }
    await home.ready?.();
  });

  afterAll(async () => {
    await hub?.close();
    await far?.close();
    await home?.close();
  });

  test('while the first one works, the second one waits', async () => {
    write('hello');
    await arrives('hello');
    await answers('hello to you');
    expect(await isReady(1)).toBe(false);
    if (home.sessions) expect(home.sessions()).toBe(1);
  });

  test('killed while somebody writes: the other one continues, and nothing is lost, doubled or out of order', async () => {
    const texts = ['before 0', 'before 1', 'after 0', 'after 1'];
    const ids = texts.slice(0, 2).map(write);
    const killed = processes[0]?.child.crash();
    ids.push(...texts.slice(2).map(write));
    await killed;
    const isEnded = (text: string, n: number) => seen(text).length > 0 || inDoubt(ids[n] ?? '');
    await until('all of it to arrive, or to be in doubt', () => texts.every(isEnded));
    write('the last');
    await arrives('the last');
    const shown = home.person.timeline.flatMap(
      (sight) => texts.find((text) => sight.text?.endsWith(text)) ?? [],
    );
    expect(shown).toEqual(texts.filter((text) => shown.includes(text)));
    await answers('still here');
    expect(heard()).toEqual(['hello to you', 'still here']);
  });
}
