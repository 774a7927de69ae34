/**
 * Two processes of an adapter with the same settings before a real server: one works, and the other one waits. The one that works
 * stands still (a paused machine) until the other one has taken its place, and goes on; then the other one is killed.
 */
import type { TestNetwork } from '#adapter-contract';
import { answersHttp } from '#engines';
import type { Phone } from '#phones';
import { consumers, network, STREAMS } from '#protocol';
import { HubFixture, until, type App } from '../support/hub-fixture.js';

/** A server of the network, without an adapter. */
export interface PlaceHome {
  slug: string;
  /** Of both processes. */
  settings(): NodeJS.ProcessEnv;
  /** Calls of the server go to this process from now on. Absent: the processes connect to the server. */
  lead?(app: App): void;
  ann: Phone;
  /** How ann's client names sue. */
  sue: string;
  close(): Promise<unknown>;
}

/** Declares the tests. */
export function takesItsPlace(open: (hub: HubFixture) => Promise<PlaceHome>): void {
  let hub: HubFixture;
  let far: TestNetwork;
  let home: PlaceHome;
  const processes: App[] = [];

  const write = (text: string) =>
    far.act({ kind: 'message', from: 'sue', to: `${home.ann.native}@${home.slug}`, text });
  const shown = (texts: string[]) =>
    home.ann.timeline.flatMap(({ text = '' }) => (texts.includes(text) ? [text] : []));
  const arrives = (text: string) => until(`"${text}"`, () => shown([text]).length > 0);
  const heard = () => far.inbox('sue').flatMap(({ kind, text }) => (kind === 'message' ? [text] : []));
  const isReady = (at: number) => answersHttp(`${processes[at]?.url}/healthz/ready`);
  async function answers(text: string): Promise<void> {
    await home.ann.write(home.sue, text);
    await until('the answer', () => heard().includes(text));
  }
  /** The process that reads what is addressed to the network. */
  async function reader(): Promise<string | undefined> {
    const info = await hub.link.session?.jsm.consumers.info(
      STREAMS.out,
      consumers.adapter(network(home.slug)),
    );
    const { priority_groups: groups } = (info ?? {}) as { priority_groups?: { pinned_client_id?: string }[] };
    return groups?.[0]?.pinned_client_id;
  }

  beforeAll(async () => {
    hub = await HubFixture.open();
    home = await open(hub);
    await hub.switch();
    await hub.serveSignOn(['far', home.slug]);
    far = await hub.testNetwork('far');
    const creds = await hub.admit(home.slug);
    for (const [n, name] of ['first', 'second'].entries()) {
      const env = { ...home.settings(), NATS_CREDS: creds };
      processes.push(await hub.app(name, `dist/apps/adapter-${home.slug}/src/main.js`, env, '/healthz/live'));
      if (n === 0) home.lead?.(processes[0] as App);
      await until('the work of the first one', () => isReady(0));
    }
  });

  afterAll(async () => {
    await home?.ann.hangUp();
    await hub?.close();
    await far?.close();
    await home?.close();
  });

  test('while the first one works, the second one waits', async () => {
    write('hello');
    await arrives('hello');
    await answers('hello to you');
    expect(await isReady(1)).toBe(false);
  });

  test('it stands still while sue writes, and goes on: the other one has taken its place, and nothing is lost or doubled', async () => {
    const [first, second] = processes as [App, App];
    const before = await reader();
    first.child.signal('SIGSTOP');
    const texts = ['while it stands still', 'behind that', 'when it goes on'];
    texts.slice(0, 2).forEach(write);
    await until('the other one to read', async () => ![undefined, '', before].includes(await reader()));
    first.child.signal('SIGCONT');
    await until('the first one to end', () => !first.child.running);
    home.lead?.(second);
    write('when it goes on');
    await arrives('when it goes on');
    expect(shown(texts)).toEqual(texts);
    await answers('still here');
  });

  test('killed while sue writes: the one that was started again continues, and nothing is lost or doubled', async () => {
    const [first, second] = processes as [App, App];
    await first.child.start();
    const texts = ['before 0', 'before 1', 'after 0', 'after 1'];
    texts.slice(0, 2).forEach(write);
    const killed = second.child.crash();
    texts.slice(2).forEach(write);
    await killed;
    home.lead?.(first);
    await arrives('after 1');
    expect(shown(texts)).toEqual(texts);
    await answers('here again');
    expect(heard()).toEqual(['hello to you', 'still here', 'here again']);
  });
}
