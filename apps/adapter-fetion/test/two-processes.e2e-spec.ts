/**
 * Two processes of the adapter with the same accounts: one works, the other one waits and logs in nowhere. The one that works is
 * killed in the middle of messages; the other one continues with the same ghosts.
 */
import type { TestNetwork } from '#adapter-contract';
import { answersHttp } from '#engines';
import { HubFixture, until, type App } from '../../../test/support/hub-fixture.js';
import { tapHttp, type Tap } from '../../../test/support/wire-tap.js';
import { FetionService } from '../simulator/index.js';
import { accountsAt, settingsOf } from './fetion.home.js';

const LI = '13800138000';
/** More people than accounts: the robot speaks for the others. */
const GHOSTS = 3;
const WRITERS = ['sue', 'tom', 'uma', 'vic', 'wim'];
const ONLINE = '400';

let hub: HubFixture;
let far: TestNetwork;
let fetion: FetionService;
const processes: App[] = [];
/** Requests of each process to the navigation server, with which every login begins. */
const logins: Tap[] = [];
/** Which process works. */
let working = 0;

const li = () => fetion.person(LI);
const writeAll = (text: string) =>
  WRITERS.map((from) => far.act({ kind: 'message', from, to: `${LI}@fetion`, text }));
const heard = (writer: string) =>
  far.inbox(writer).flatMap(({ kind, text }) => (kind === 'message' && text !== undefined ? [text] : []));
const wordsOf = (text = '') => text.replace(/^\[\d+ .*?\] /, '');
/** Who shows a text of a writer: a ghost, or the robot with the name of the writer. */
const shownBy = (writer: string, text: string) =>
  li().timeline.find((seen) => wordsOf(seen.text) === text && isOf(seen, writer))?.from;
const isOf = (seen: { from: string; text?: string }, writer: string) =>
  (fetion.nicknameOf(seen.from) ?? '').startsWith(`${writer} `) || (seen.text ?? '').includes(`${writer} `);
const shown = (writer: string, texts: string[]) =>
  li().timeline.flatMap((seen) => {
    const words = wordsOf(seen.text);
    return texts.includes(words) && isOf(seen, writer) ? [words] : [];
  });

/**
 * The texts of every writer arrive once and in order. Fetion does not recognise a message that is sent twice: one may be missing, if
 * its sender was told that it is in doubt.
 * @param sent ids of each text, in the order of the writers
 */
async function arriveOnce(texts: string[], sent: string[][]): Promise<void> {
  const inDoubt = (writer: string) => {
    const ids = far.inbox(writer).flatMap(({ code, target }) => (code === '103' ? [target] : []));
    return texts.filter((_, n) => ids.includes(sent[n]?.[WRITERS.indexOf(writer)]));
  };
  await until('all of it to arrive, or to be in doubt', () =>
    WRITERS.every((writer) => {
      const ended = [...shown(writer, texts), ...inDoubt(writer)];
      return texts.every((text) => ended.includes(text));
    }),
  );
  for (const writer of WRITERS) {
    const here = shown(writer, texts);
    expect(here).toEqual(texts.filter((text) => here.includes(text)));
  }
}

async function startProcess(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const tap = await tapHttp(fetion.httpUrl);
  logins.push(tap);
  const more = { ...env, FETION_NAVIGATION_URL: tap.url };
  processes.push(await hub.app(name, 'dist/apps/adapter-fetion/src/main.js', more, '/healthz/live'));
}

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await hub.serveSignOn(['far', 'fetion']);
  far = await hub.testNetwork('far');
  fetion = await FetionService.open();
  const env = {
    ...settingsOf(hub, accountsAt(fetion, GHOSTS), fetion.httpUrl),
    NATS_CREDS: await hub.admit('fetion'),
  };
  await li().act({ do: 'appear', state: ONLINE });
  await startProcess('first', env);
  await until('its work', () => answersHttp(`${processes[0]?.url}/healthz/ready`));
  await startProcess('second', env);
});

afterAll(async () => {
  await hub?.close();
  await far?.close();
  for (const tap of logins) await tap.stop();
  await fetion?.close();
});

test('while the first one works, the second one logs in nowhere', async () => {
  // Sue writes before the others: whoever comes after the third has the robot for a voice, which li cannot answer.
  far.act({ kind: 'message', from: 'sue', to: `${LI}@fetion`, text: 'first' });
  await until('the line of sue', () => shownBy('sue', 'first') !== undefined);
  await arriveOnce(['hello'], [writeAll('hello')]);
  await li().act({ do: 'write', to: shownBy('sue', 'hello') ?? '', text: 'hello sue' });
  await until('the answer', () => heard('sue').includes('hello sue'));
  expect(logins[1]?.sent).toEqual([]);
  expect(fetion.connectedAccounts()).toHaveLength(GHOSTS + 1);
});

test('killed while friends write and li answers: the other one continues with the same ghosts', async () => {
  const ghosts = WRITERS.map((writer) => shownBy(writer, 'hello'));
  const texts = ['before 0', 'before 1', 'after 0', 'after 1'];
  const sent = texts.slice(0, 2).map(writeAll);
  const { child } = processes[working] as App;
  working = 1 - working;
  const killed = child.crash();
  sent.push(...texts.slice(2).map(writeAll));
  await killed;
  await li().act({ do: 'write', to: ghosts[0] ?? '', text: 'still there?' });
  await child.start();
  await arriveOnce(texts, sent);
  await arriveOnce(['later'], [writeAll('later')]);
  expect(WRITERS.map((writer) => shownBy(writer, 'later'))).toEqual(ghosts);
  await until('the line of li', () => heard('sue').includes('still there?'));
  expect(heard('sue')).toEqual(['hello sue', 'still there?']);
  // The process that was killed is back, and waits.
  expect(fetion.connectedAccounts()).toHaveLength(GHOSTS + 1);
});

test('one that ends in order makes room at once', async () => {
  const before = logins.map((tap) => tap.sent.length);
  await processes[working]?.child.stop();
  await arriveOnce(['after the end'], [writeAll('after the end')]);
  expect(logins[working]?.sent).toHaveLength(before[working] ?? 0);
});
