/**
 * Two processes of the adapter before one WeChat: one works, the other one waits. The one that works is killed in the middle of
 * messages, of refusals, of an answer that WeChat repeats, and while the session of a person is over; the other one continues
 * with its sessions and cursors.
 */
import type { TestNetwork } from '#adapter-contract';
import { ask } from '#bus';
import { answersHttp } from '#engines';
import { network, requests } from '#protocol';
import { amount } from '../../../test/support/amounts.js';
import { HubFixture, until, type App } from '../../../test/support/hub-fixture.js';
import { tapHttp, type Tap } from '../../../test/support/wire-tap.js';
import { CHANNEL, WeixinSimulator } from '../simulator/index.js';
import type { WeixinPerson } from '../simulator/weixin-person.js';
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
const ben = () => weixin.person('ben');
const says = (text: string, person = ann()) => person.act({ do: 'write', to: CHANNEL, text });
const heard = (writer: string) =>
  far.inbox(writer).flatMap(({ kind, text }) => (kind === 'message' && text !== undefined ? [text] : []));
/** @returns ids of the messages, in the order of the writers */
const writeAll = (text: string, to = ann()) =>
  WRITERS.map((from) => far.act({ kind: 'message', from, to: `${to.native}@weixin`, text }));
/** Which of these texts of a writer a person has seen, in the order in which they saw them. */
const shown = (writer: string, texts: string[], person = ann()) =>
  person.timeline.flatMap(({ text = '' }) => {
    const [, from, words = ''] = /^\[\d+ (\w+) · far\] (.*)$/.exec(text) ?? [];
    return from === writer && texts.includes(words) ? [words] : [];
  });
/** Codes that a writer read about their messages with these ids. */
const refused = (writer: string, ids: string[]) =>
  far
    .inbox(writer)
    .flatMap(({ kind, target = '', code }) => (kind === 'failure' && ids.includes(target) ? [code] : []));

/** Messages that the processes tried to send. */
const sends = () => api.sent.filter(({ line }) => line.endsWith('/sendmessage')).length;

/** Every text of every writer arrives once, in order. */
async function arriveOnce(texts: string[], person = ann()): Promise<void> {
  const areAll = (writer: string) => shown(writer, texts, person).length >= texts.length;
  await until('all of it', () => WRITERS.every(areAll));
  for (const writer of WRITERS) expect(shown(writer, texts, person)).toEqual(texts);
}

/** The operator shows a code, which the person scans. */
async function pair(person: WeixinPerson): Promise<void> {
  const pairing = requests.askPair(network('weixin'));
  const { id, show = '' } = await ask(hub.link, pairing, { act: 'begin' });
  await person.act({ do: 'add', who: show });
  await until(
    'the pairing',
    async () => (await ask(hub.link, pairing, { act: 'show', id })).state === 'paired',
  );
  await until('the long poll', () => person.bot?.isStarted === true);
}

async function startProcess(name: string, creds: string): Promise<void> {
  const env = { NATS_CREDS: creds, ...settingsOf(weixin, api.url, 0) };
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
  weixin = await WeixinSimulator.open({ quota: MANY, holdMs: 1000 });
  api = await tapHttp(weixin.url);
  // The address that WeChat names for the API after a login.
  weixin.api.url = api.url;
  const creds = await hub.admit('weixin');
  await startProcess('first', creds);
  await until('its work', () => answersHttp(`${processes[0]?.url}/healthz/ready`));
  for (const person of [ann(), ben()]) await pair(person);
  await startProcess('second', creds);
  await says('@writer0@far hello');
  await says('@writer1@far hello', ben());
  await until('their first lines', () => ['writer0', 'writer1'].every((one) => heard(one).includes('hello')));
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
  expect(weixin.api.calls.filter((name) => name === 'notifystart')).toHaveLength(2);
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
  const before = sends();
  api.refuses = (line) => (line.endsWith('/sendmessage') ? { status: 429, body: {} } : undefined);
  const texts = Array.from({ length: ROUNDS }, (_, n) => `flood ${n}`);
  for (const text of texts) writeAll(text);
  await until('WeChat to refuse', () => sends() > before);
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

describe('a session ends while friends write, and the process that works is killed', () => {
  /** What friends write to ben arrives, and what he writes reaches his friend. */
  async function reachesBen(text: string): Promise<void> {
    writeAll(text, ben());
    await says(`to ${text}`, ben());
    await arriveOnce([text], ben());
    await until('his line', () => heard('writer1').includes(`to ${text}`));
  }

  test('each message arrives or its sender reads 101, other people do not notice, and a new pairing opens the way again', async () => {
    const texts = ['one', 'two', 'three'];
    const ids = [writeAll('one')];
    await until('a message of them', () => WRITERS.some((writer) => shown(writer, ['one']).length > 0));
    ann().bot?.end();
    ids.push(writeAll('two'));
    await reachesBen('ben before the kill');
    await kill();
    ids.push(writeAll('three'));
    await reachesBen('ben after the kill');
    const idsOf = (n: number) => ids.flatMap((round) => round[n] ?? []);
    const ended = (writer: string, n: number) =>
      shown(writer, texts).length + refused(writer, idsOf(n)).length >= texts.length;
    await until('an end of each message', () => WRITERS.every(ended));
    for (const [n, writer] of WRITERS.entries()) {
      const arrived = shown(writer, texts);
      expect(arrived).toEqual(texts.slice(0, arrived.length));
      expect(refused(writer, idsOf(n))).toEqual(texts.slice(arrived.length).map(() => '101'));
    }
    await pair(ann());
    // A contact may not write before the person did.
    const calls = sends();
    const early = writeAll('too early');
    await until('the refusals', () => WRITERS.every((writer) => refused(writer, early).length > 0));
    expect(sends()).toBe(calls);
    const before = ann().timeline.length;
    await says('back');
    await until('words about the interruption', () =>
      ann()
        .timeline.slice(before)
        .some(({ text }) => text?.includes('中断')),
    );
    await until('her line', () => heard('writer0').includes('back'));
    writeAll('welcome');
    await arriveOnce(['welcome']);
    expect(WRITERS.flatMap((writer) => shown(writer, ['three', 'too early']))).toEqual([]);
  });

  test('where messages wait for the reply window, all of them arrive after a new pairing, once and in order', async () => {
    await hub.amend('weixin', {
      standIn: { hours: 1, messages: 100, closedWindow: 'when-window-opens' },
    });
    const texts = ['first', 'second', 'third', 'fourth'];
    const ids = [writeAll('first')];
    await until('a message of them', () => WRITERS.some((writer) => shown(writer, ['first']).length > 0));
    ann().bot?.end();
    ids.push(writeAll('second'));
    await reachesBen('ben before the second kill');
    await kill();
    ids.push(writeAll('third'));
    await reachesBen('ben after the second kill');
    await pair(ann());
    ids.push(writeAll('fourth'));
    await says('back again');
    await arriveOnce(texts);
    expect(WRITERS.flatMap((writer) => refused(writer, ids.flat()))).toEqual([]);
    await until('her line', () => heard('writer0').includes('back again'));
  });
});

test('one that ends in order makes room at once', async () => {
  await processes[working]?.child.stop();
  writeAll('after the end');
  await says('still there?');
  await arriveOnce(['after the end']);
  await until('her line', () => heard('writer0').includes('still there?'));
});
