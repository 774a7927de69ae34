/** Two consoles merge the heartbeats of adapters into one value on the bus. */
import { ask, Bucket } from '#bus';
import { BUCKETS, levels, LIVENESS_KEY, LivenessSnapshot, network, requests } from '#protocol';
import { startConsole, type ConsoleApp } from '../console.app.js';
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import { quiet, until } from '../../../../test/support/hub-fixture.js';

const [north, south] = [network('north'), network('south')];
const capabilities = {
  version: '1',
  language: 'en' as const,
  features: levels(2),
  limits: {},
};
let first: ConsoleFixture;
let second: ConsoleApp;

beforeAll(async () => {
  first = await ConsoleFixture.of(['north', 'south']);
  second = await startConsole(first.settings, quiet);
});
afterAll(async () => {
  await second?.close();
  await first?.close();
});

function say(verb: 'heartbeat' | 'signOff', who = north): Promise<{ code: '00' }> {
  const body = { network: who, instance: 'one', build: '1', capabilities, nativeConnected: true };
  if (verb === 'signOff') return ask(first.hub.link, requests.signOff(who), body);
  return ask(first.hub.link, requests.heartbeat(who), body);
}

async function stateOf(who = north): Promise<string | undefined> {
  const bucket = new Bucket(first.hub.link, first.hub.publisher, BUCKETS.registry);
  const value = await bucket.get(LIVENESS_KEY);
  return value === undefined ? undefined : LivenessSnapshot.parse(value)[who]?.state;
}

test('a network that never sent a heartbeat is not in it', async () => {
  expect(await stateOf()).toBeUndefined();
});

test('a beat makes it on, a sign-off off at once, silence unreachable', async () => {
  expect((await say('heartbeat')).code).toBe('00');
  await until('it is on', async () => (await stateOf()) === 'on');
  await say('signOff');
  await until('it has signed off', async () => (await stateOf()) === 'signed_off');
  await say('heartbeat');
  await until('it is on again', async () => (await stateOf()) === 'on');
  await until('it is unreachable', async () => (await stateOf()) === 'unreachable');
});

test('a console that starts again observes before it marks a network as unreachable', async () => {
  await say('heartbeat');
  await say('heartbeat', south);
  await until('both are on', async () => (await stateOf()) === 'on' && (await stateOf(south)) === 'on');
  // The north goes on with its heartbeats while one console stops and another starts; the south is silent from now on.
  const failed: unknown[] = [];
  const beats = setInterval(() => void say('heartbeat').catch((error: unknown) => failed.push(error)), 2000);
  const states = new Set<string | undefined>();
  await second.close();
  second = await startConsole(first.settings, quiet);
  await until('the silent one is unreachable', async () => {
    states.add(await stateOf());
    return (await stateOf(south)) === 'unreachable';
  });
  clearInterval(beats);
  expect({ states: [...states], failed }).toEqual({ states: ['on'], failed: [] });
});
