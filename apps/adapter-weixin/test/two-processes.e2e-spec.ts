/**
 * Two processes of the adapter before one WeChat: one works, the other one waits. The one that works is killed in the middle of
 * messages, of refusals, and of an answer that WeChat repeats; the other one continues with its sessions and cursors.
 */
import type { TestNetwork } from '#adapter-contract';
import { amount } from '../../../test/support/amounts.js';
import { HubFixture, until, type App } from '../../../test/support/hub-fixture.js';
import { tapHttp, type Tap } from '../../../test/support/wire-tap.js';
import { CHANNEL, WeixinSimulator } from '../simulator/index.js';
import { MANY, settingsOf } from './weixin.home.js';

const WRITERS = Array.from({ length: 16 }, (_, n) => `writer${n}`);
/** Messages of each writer while WeChat refuses all. 75: as many as come in a minute at 20 a second. */
const ROUNDS = amount({ test: 4, torture: 75 });

let hub: HubFixture;
let far: TestNetwork;
let weixin: WeixinSimulator;
/** Calls of all processes. */
let api: Tap;
const processes: App[] = [];
/** Which process works. */
let working = 0;

const ann = () => weixin.person('ann');
const says = (text: string) => ann().act({ do: 'write', to: CHANNEL, text });
const heard = (writer: string) =>
  far.inbox(writer).flatMap(({ kind, text }) => (kind === 'message' && text !== undefined ? [text] : []));
const writeAll = (text: string) => {
  for (const from of WRITERS) far.act({ kind: 'message', from, to: `${ann().native}@weixin`, text });
};
/** Which of these texts of a writer ann has seen, in the order in which she saw them. */
const shown = (writer: string, texts: string[]) =>
  ann().timeline.flatMap(({ text = '' }) => {
    const [, from, words = ''] = /^\[\d+ (\w+) · far\] (.*)$/.exec(text) ?? [];
    return from === writer && texts.includes(words) ? [words] : [];
  });

/** Every text of every writer arrives once, in order. */
async function arriveOnce(texts: string[]): Promise<void> {
  await until('all of it', () => WRITERS.every((writer) => shown(writer, texts).length >= texts.length));
  for (const writer of WRITERS) expect(shown(writer, texts)).toEqual(texts);
}

async function startProcess(name: string, creds: string): Promise<void> {
  const env = { NATS_CREDS: creds, ...settingsOf(weixin, api.url, 1) };
  processes.push(await hub.app(name, 'dist/apps/adapter-weixin/src/main.js', env, '/healthz/live'));
}

/** The process that works is killed, and starts again behind the other one. */
async function kill(): Promise<void> {
  const { child } = processes[working] as App;
  working = 1 - working;
  await child.crash();
  await child.start();
}

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  far = await hub.testNetwork('far');
  await hub.serveSignOn(['far', 'weixin']);
  weixin = await WeixinSimulator.open({ scanning: ['ann'], quota: MANY, holdMs: 1000 });
  api = await tapHttp(weixin.url);
  // The address that WeChat names for the API after a login.
  weixin.api.url = api.url;
  const creds = await hub.admit('weixin');
  await startProcess('first', creds);
  await until('the pairing', () => ann().bot?.isStarted === true);
  await startProcess('second', creds);
  await says('@writer0@far hello');
  await until('her first line', () => heard('writer0').includes('hello'));
});

afterAll(async () => {
  await hub?.close();
  await far?.close();
  await api?.stop();
  await weixin?.close();
});

test('while the first one works, the second one asks WeChat for nothing', async () => {
  for (const n of [1, 2, 3]) await says(`line ${n}`);
  writeAll('round 0');
  await arriveOnce(['round 0']);
  await until('her lines', () => heard('writer0').includes('line 3'));
  expect(heard('writer0')).toEqual(['hello', 'line 1', 'line 2', 'line 3']);
  // Each process says once for each person that it is there.
  expect(weixin.api.calls.filter((name) => name === 'notifystart')).toHaveLength(1);
});

test('killed while friends write and she answers: the other one continues, and nothing is lost, doubled or out of order', async () => {
  for (const text of ['a', 'b', 'c']) writeAll(text);
  await says('before the kill');
  const killed = kill();
  for (const text of ['d', 'e']) writeAll(text);
  await says('after the kill');
  await killed;
  await arriveOnce(['a', 'b', 'c', 'd', 'e']);
  await until('her line', () => heard('writer0').includes('after the kill'));
  expect(heard('writer0').slice(-2)).toEqual(['before the kill', 'after the kill']);
});

test('killed while WeChat refuses everything: nothing is lost, doubled or out of order', async () => {
  const refused = () => api.sent.filter(({ line }) => line.endsWith('/sendmessage')).length;
  const before = refused();
  api.refuses = (line) => (line.endsWith('/sendmessage') ? { status: 429, body: {} } : undefined);
  const texts = Array.from({ length: ROUNDS }, (_, n) => `flood ${n}`);
  for (const text of texts) writeAll(text);
  await until('WeChat to refuse', () => refused() > before);
  await kill();
  expect(WRITERS.flatMap((writer) => shown(writer, texts))).toEqual([]);
  api.refuses = undefined;
  await arriveOnce(texts);
});

test('killed while WeChat gives an answer five times more: each line arrives once', async () => {
  const lines = ['one', 'two', 'three'].map((word) => `line ${word}`);
  for (const line of lines) await says(line);
  await until('a line', () => heard('writer0').includes('line one'));
  weixin.api.sameAgain = 5;
  await kill();
  await until('the repetitions', () => weixin.api.sameAgain === 0);
  await says('the last line');
  await until('the last line', () => heard('writer0').includes('the last line'));
  expect(heard('writer0').slice(-4)).toEqual([...lines, 'the last line']);
});

test('one that ends in order makes room at once', async () => {
  await processes[working]?.child.stop();
  writeAll('after the end');
  await says('still there?');
  await arriveOnce(['after the end']);
  await until('her line', () => heard('writer0').includes('still there?'));
});
