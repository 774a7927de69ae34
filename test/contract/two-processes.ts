/** Two processes of the adapter of a bot account share its conversations, and a load balancer gives both its callbacks. */
import { createMissing, partitionConsumers } from '#bus';
import type { TestAct, TestNetwork } from '#adapter-contract';
import { network } from '#protocol';
import type { Person, Sight } from '#simulators';
import { HubFixture, until, type App } from '../support/hub-fixture.js';
import { loadBalancer, type LoadBalancer } from '../support/load-balancer.js';
import { serveSharedSignOn } from '../support/shared-sign-on.js';
import { tapHttp, type Tap } from '../support/wire-tap.js';

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
  close(): Promise<unknown>;
}

const WRITERS = Array.from({ length: 16 }, (_, n) => `writer${n}`);
const numberOf = (seen: Sight) => Number(/^\[(\d+) /.exec(seen.text ?? '')?.[1]);
const writerOf = (seen: Sight) => /writer\d+/.exec(seen.text ?? '')?.[0] ?? '';
const wordsOf = (seen: Sight) => /\] (.*)$/.exec(seen.text ?? '')?.[1];

/** Declares the tests. */
export function shareAnAccount(open: () => Promise<SharedAccount>): void {
  let hub: HubFixture;
  let far: TestNetwork;
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

  beforeAll(async () => {
    hub = await HubFixture.open();
    home = await open();
    await hub.switch();
    await serveSharedSignOn(hub, ['far', home.slug]);
    far = await hub.testNetwork('far');
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
    await says('to the last one');
    await until('the last line', () => heard(WRITERS.at(-1) ?? '', 'message').length === 2);
    for (const writer of WRITERS) expect(heard(writer, 'message')[0]?.text).toBe(`for ${writer}`);
    expect(WRITERS.map((writer) => heard(writer, 'message').length)).toEqual(
      WRITERS.map((_, n) => (n === WRITERS.length - 1 ? 2 : 1)),
    );
  });

  test('a process is killed while friends write and she answers: nothing is lost, doubled or out of order', async () => {
    const before = home.person.timeline.length;
    const sent = new Map(WRITERS.map((writer) => [writer, new Map<string, string>()]));
    const writeToHer = (text: string) => {
      for (const writer of WRITERS) sent.get(writer)?.set(text, write(writer, text));
    };
    const expected = ['before 0', 'before 1', 'before 2', 'after 0', 'after 1', 'after 2'];
    for (const text of expected.slice(0, 3)) writeToHer(text);
    const killed = processes[1]?.child.crash();
    for (const text of expected.slice(3)) writeToHer(text);
    await killed;
    await says('still there?');
    const arrived = (writer: string) =>
      home.person.timeline
        .slice(before)
        .flatMap((seen) => (writerOf(seen) === writer ? [wordsOf(seen)] : []));
    /** Of these the sender was notified that they are in doubt. */
    const inDoubt = (writer: string) =>
      expected.filter((text) =>
        heard(writer, 'failure').some(
          ({ code, target }) => code === '103' && target === sent.get(writer)?.get(text),
        ),
      );
    await until('all of it to arrive, or to be in doubt', () =>
      WRITERS.every((writer) =>
        expected.every((text) => arrived(writer).includes(text) || inDoubt(writer).includes(text)),
      ),
    );
    for (const writer of WRITERS) {
      const texts = arrived(writer);
      if (home.isIdempotent) expect(texts).toEqual(expected);
      else expect(texts).toEqual(expected.filter((text) => texts.includes(text)));
    }
    await until('her line', () => heard('writer15', 'message').some(({ text }) => text === 'still there?'));
  });
}
