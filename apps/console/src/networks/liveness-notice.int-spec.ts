/** Two consoles merge the heartbeats of adapters into one value on the bus. */
import { ask, Bucket } from '#bus';
import {
  BUCKETS,
  ControlReply,
  FEATURES,
  LIVENESS_KEY,
  LivenessSnapshot,
  subjects,
  network,
} from '#protocol';
import { startConsole, type ConsoleApp } from '../console.app.js';
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import { quiet, until } from '../../../../test/support/hub-fixture.js';

const north = network('north');
const capabilities = {
  version: '1',
  language: 'en' as const,
  features: Object.fromEntries(FEATURES.map((feature) => [feature, 2])),
  limits: {},
};
let first: ConsoleFixture;
let second: ConsoleApp;

beforeAll(async () => {
  first = await ConsoleFixture.of(['north']);
  second = await startConsole(first.settings, quiet);
});
afterAll(async () => {
  await second?.close();
  await first?.close();
});

function say(verb: 'heartbeat' | 'signoff', nativeConnected = true): Promise<ControlReply> {
  const body = { network: north, instance: 'one', build: '1', capabilities, nativeConnected };
  return ask(first.hub.link, subjects.control(verb, north), body, ControlReply);
}

async function stateOf(): Promise<string | undefined> {
  const bucket = new Bucket(first.hub.link, first.hub.publisher, BUCKETS.registry);
  const value = await bucket.get(LIVENESS_KEY);
  return value === undefined ? undefined : LivenessSnapshot.parse(value)[north]?.state;
}

test('a network that never sent a heartbeat is not in it', async () => {
  expect(await stateOf()).toBeUndefined();
});

test('a beat makes it on, a sign-off off at once, silence unreachable', async () => {
  expect((await say('heartbeat')).code).toBe('00');
  await until('it is on', async () => (await stateOf()) === 'on');
  await say('signoff');
  await until('it has signed off', async () => (await stateOf()) === 'signed_off');
  await say('heartbeat');
  await until('it is on again', async () => (await stateOf()) === 'on');
  await until('it is unreachable', async () => (await stateOf()) === 'unreachable');
});

test('a console that is started again does not call it away before it has listened', async () => {
  await say('heartbeat');
  await until('it is on', async () => (await stateOf()) === 'on');
  // Heartbeats continue while one console stops and another starts.
  const beats = setInterval(() => void say('heartbeat').catch(() => undefined), 2000);
  const states = new Set<string | undefined>();
  const looks = setInterval(() => void stateOf().then((state) => states.add(state)), 100);
  await second.close();
  second = await startConsole(first.settings, quiet);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  clearInterval(beats);
  clearInterval(looks);
  expect([...states]).toEqual(['on']);
});
