/**
 * Two processes of the adapter of a bot account share its conversations, and a load balancer gives both its callbacks. The
 * platform is in trouble: it refuses everything for a while, our token ends, it repeats its callbacks in any order; and in each of
 * these a process is killed.
 */
import { createMissing, partitionConsumers } from '#bus';
import type { TestAct, TestNetwork } from '#adapter-contract';
import { network } from '#protocol';
import type { Person, Sight } from '#simulators';
import { amount, TORTURE } from '../support/amounts.js';
import { HubFixture, restart, until, type App } from '../support/hub-fixture.js';
import { loadBalancer, type LoadBalancer } from '../support/load-balancer.js';
import { serveSharedSignOn } from '../support/shared-sign-on.js';
import { tapHttp, type Refusal, type Tap } from '../support/wire-tap.js';

/** A simulated platform with one bot account. */
export interface SharedAccount {
  slug: string;
  /** Native id of the account. */
  account: string;
  /** Somebody who writes to the account, and to whom others write. */
  person: Person;
  /** Address of the platform's API. */
  url: string;
  /** Settings of a process of the adapter. @param url of the platform's API, through a recorder */
  settings(url: string): NodeJS.ProcessEnv;
  /** The platform sends its callbacks to this address. */
  connect(url: string): Promise<unknown>;
  /** Path of the call that sends a message. */
  sends: string;
  /** The platform repeats the next callback. */
  repeatNext(): void;
  /** Resolves when all callbacks so far are accepted. */
  idle(): Promise<unknown>;
  /** The platform recognises a message that is sent twice. Elsewhere one in doubt is not sent again. */
  isIdempotent: boolean;
  /** What the platform answers to too many messages, and to a token that has ended, as its documents say. */
  refusals: { tooMany: Refusal; badToken: Refusal };
  close(): Promise<unknown>;
}

/** Messages of each writer while the platform refuses all. 75: as many as come in a minute at 20 a second. */
const ROUNDS = amount({ test: 4, torture: 75 });
const WRITERS = Array.from({ length: 16 }, (_, n) => `writer${n}`);
const numberOf = (seen: Sight) => Number(/^\[(\d+) /.exec(seen.text ?? '')?.[1]);
const writerOf = (seen: Sight) => /writer\d+/.exec(seen.text ?? '')?.[0] ?? '';
const wordsOf = (seen: Sight) => /\] (.*)$/.exec(seen.text ?? '')?.[1];

/** By writer, so that a failure shows all of them at once. */
const perWriter = <T>(of: (writer: string) => T) =>
  Object.fromEntries(WRITERS.map((name) => [name, of(name)]));

/** Declares the tests. */
export function shareAnAccount(open: () => Promise<SharedAccount>): void {
  let hub: HubFixture;
  let far: TestNetwork;
  /** A network that has nothing to do with the trouble. */
  let near: TestNetwork;
  let home: SharedAccount;
  let creds: string;
  let balancer: LoadBalancer;
  const taps: Tap[] = [];
  const processes: App[] = [];

  async function startProcess(name: string): Promise<void> {
    const tap = await tapHttp(home.url);
    taps.push(tap);
    const app = await hub.app(name, `dist/apps/adapter-${home.slug}/src/main.js`, {
      NATS_CREDS: creds,
      ADAPTER_PROCESSES: 'several',
      ...home.settings(tap.url),
    });
    processes.push(app);
    balancer.to.push(app.url);
  }

  const sends = (tap: Tap) => tap.sent.filter(({ line }) => line.includes(home.sends)).length;
  const write = (from: string, text: string) =>
    far.act({ kind: 'message', from, to: `${home.person.native}@${home.slug}`, text });
  const writeAll = (text: string) => WRITERS.map((from) => write(from, text));
  const shown = (text: string) => home.person.timeline.filter((seen) => seen.text?.endsWith(`] ${text}`));
  const says = (text: string) => home.person.act({ do: 'write', to: home.account, text });
  const heard = (writer: string, kind: TestAct['kind']) =>
    far.inbox(writer).filter((act) => act.kind === kind);

  /** @param which calls; all calls by default */
  const refuse = (what: Refusal | undefined, which = '') => {
    for (const tap of taps) tap.refuses = what && ((line) => (line.includes(which) ? what : undefined));
  };
  /**
   * The texts of every writer arrive once and in order. Where the platform does not recognise a message that is sent twice, one
   * may be missing, if its sender was told that it is in doubt.
   * @param sent ids of each text, in the order of the writers
   */
  async function arriveOnce(texts: string[], sent: string[][]): Promise<void> {
    const arrived = (writer: string) =>
      home.person.timeline.flatMap((seen) => {
        const words = wordsOf(seen) ?? '';
        return writerOf(seen) === writer && texts.includes(words) ? [words] : [];
      });
    const inDoubt = (writer: string) => {
      if (home.isIdempotent) return [];
      const ids = heard(writer, 'failure').flatMap(({ code, target }) => (code === '103' ? [target] : []));
      return texts.filter((_, n) => ids.includes(sent[n]?.[WRITERS.indexOf(writer)]));
    };
    const missing = (writer: string) => {
      const ended = new Set([...arrived(writer), ...inDoubt(writer)]);
      return texts.filter((text) => !ended.has(text));
    };
    const state = (writer: string) => ({
      arrived: arrived(writer),
      inDoubt: inDoubt(writer),
      missing: missing(writer),
    });
    await until(
      () => `all of it to arrive, or to be in doubt: ${JSON.stringify(perWriter(state))}`,
      () => WRITERS.every((writer) => missing(writer).length === 0),
    );
    // One in doubt may come late, when its sender has been told so: nobody can hold it back any more.
    const shownOf = (writer: string) => {
      const [here, doubtful] = [arrived(writer), inDoubt(writer)];
      const sure = here.filter((text) => !doubtful.includes(text));
      return { sure, doubled: here.filter((text, n) => here.indexOf(text) !== n) };
    };
    expect(perWriter(shownOf)).toEqual(
      perWriter((writer) => ({
        sure: texts.filter((text) => !inDoubt(writer).includes(text)),
        doubled: [],
      })),
    );
  }

  beforeAll(async () => {
    hub = await HubFixture.open();
    home = await open();
    await hub.switch();
    await serveSharedSignOn(hub, ['far', 'near', home.slug]);
    [far, near] = [await hub.testNetwork('far'), await hub.testNetwork('near')];
    balancer = await loadBalancer();
    creds = await hub.admit(home.slug);
    if (hub.link.session) await createMissing(hub.link.session, partitionConsumers(network(home.slug)));
    await startProcess('first');
    await startProcess('second');
    await home.connect(balancer.url);
  });

  afterAll(async () => {
    await home?.close();
    await hub?.close();
    await far?.close();
    await near?.close();
    for (const tap of taps) await tap.stop();
    balancer?.stop();
  });

  test('friends who write through both processes at once have a number each', async () => {
    let rounds = 0;
    await until('both processes to deliver', () => {
      if (shown(`round ${rounds}`).length < (rounds === 0 ? 0 : WRITERS.length)) return false;
      if (taps.every((tap) => sends(tap) > 0)) return true;
      writeAll(`round ${++rounds}`);
      return false;
    });
    await until('the last round', () => shown(`round ${rounds}`).length === WRITERS.length);
    const numbers = new Map(shown(`round ${rounds}`).map((seen) => [writerOf(seen), numberOf(seen)]));
    expect(new Set(numbers.values())).toEqual(new Set(WRITERS.map((_, n) => n + 1)));
    for (const seen of shown('round 1')) expect(numbers.get(writerOf(seen))).toBe(numberOf(seen));
  });

  test('her lines reach whom she names, once, whichever process takes them, also if the platform repeats one to the other process', async () => {
    for (const [n, writer] of WRITERS.entries()) {
      if (n % 3 === 0) home.repeatNext();
      await says(`@${writer}@far for ${writer}`);
      await home.idle();
    }
    // Behind each line a second one: conversations are delivered side by side, so only the same one shows what did not come.
    for (const writer of WRITERS) await says(`@${writer}@far behind it`);
    const lines = (writer: string) => heard(writer, 'message').map(({ text }) => text);
    await until(
      () => `the second line of each: ${JSON.stringify(perWriter(lines))}`,
      () => WRITERS.every((writer) => lines(writer).includes('behind it')),
    );
    expect(perWriter(lines)).toEqual(perWriter((writer) => [`for ${writer}`, 'behind it']));
  });

  test('a process is killed while friends write and she answers: nothing is lost, doubled or out of order', async () => {
    const texts = ['before 0', 'before 1', 'before 2', 'after 0', 'after 1', 'after 2'];
    const sent = texts.slice(0, 3).map(writeAll);
    const killed = processes[1]?.child.crash();
    sent.push(...texts.slice(3).map(writeAll));
    await killed;
    await says('still there?');
    await arriveOnce(texts, sent);
    await until('her line', () => heard('writer15', 'message').some(({ text }) => text === 'still there?'));
  });

  const standsStill = async () => {
    await processes[1]?.child.start();
    const [stopped, other] = processes as [App, App];
    const texts = Array.from({ length: 6 }, (_, n) => `paused ${n}`);
    const before = taps.map(sends);
    const sent = texts.map(writeAll);
    await until('a process to send', () => taps.some((tap, n) => sends(tap) > (before[n] ?? 0)));
    stopped.child.signal('SIGSTOP');
    await arriveOnce(texts, sent);
    stopped.child.signal('SIGCONT');
    // What comes next is delivered by the one that stood still, behind what it had before.
    await other.child.crash();
    sent.push(writeAll('behind the pause'));
    await arriveOnce([...texts, 'behind the pause'], sent);
  };
  // Two changes of the owner, one after the other, take longer than a test may on a busy machine.
  if (TORTURE)
    test(
      'a process stands still while friends write, and goes on when the other one has taken its place: nothing is doubled',
      standsStill,
    );

  test('too many requests, and a process is killed meanwhile: nothing is lost, doubled or out of order, and other networks do not wait', async () => {
    await processes[1]?.child.start();
    refuse(home.refusals.tooMany, home.sends);
    const before = taps.map(sends);
    const texts = Array.from({ length: ROUNDS }, (_, n) => `flood ${n}`);
    const sent = texts.map(writeAll);
    await until('both processes to be refused', () => taps.every((tap, n) => sends(tap) > (before[n] ?? 0)));
    await processes[0]?.child.crash();
    for (const from of WRITERS) far.act({ kind: 'message', from, to: 'nia@near', text: 'meanwhile' });
    await until('messages to another network', () => near.inbox('nia').length === WRITERS.length);
    expect(texts.flatMap(shown)).toEqual([]);
    refuse(undefined);
    await processes[0]?.child.start();
    await arriveOnce(texts, sent);
  });

  test('a token that ends, and a process is killed meanwhile: messages wait until it is valid again', async () => {
    refuse(home.refusals.badToken);
    const texts = ['no token 0', 'no token 1'];
    const before = taps.map(sends);
    const sent = texts.map(writeAll);
    await until('a process to be refused', () => taps.some((tap, n) => sends(tap) > (before[n] ?? 0)));
    await processes[0]?.child.crash();
    expect(texts.flatMap(shown)).toEqual([]);
    refuse(undefined);
    await processes[0]?.child.start();
    await arriveOnce(texts, sent);
  });

  test('callbacks that come five times more in any order, while a process is killed, are one line each', async () => {
    await balancer.repeat(0);
    const lines = ['one', 'two', 'three', 'four', 'five'].map((word) => `line ${word}`);
    for (const line of lines) await says(line);
    await home.idle();
    const killed = restart(processes[0] as App, 'SIGKILL');
    await balancer.repeat(5);
    await killed;
    await says('the last line');
    const heardBy = () => WRITERS.flatMap((writer) => heard(writer, 'message').map(({ text }) => text));
    await until('the last line', () => heardBy().includes('the last line'));
    expect(heardBy().filter((text) => text?.startsWith('line '))).toEqual(lines);
  });
}
