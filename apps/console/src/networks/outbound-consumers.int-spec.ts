/** How the processes of an adapter read is arranged by the console, from what they say at sign-on. Real bus and database. */
import { adapterConsumerInfos, ask } from '#bus';
import { adapterConsumers, levels, network, requests, type SignOnAnswer } from '#protocol';
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';

const north = network('north');
const [single = '', ...partitions] = adapterConsumers(north);
let console: ConsoleFixture;

beforeAll(async () => {
  console = await ConsoleFixture.of([north]);
});
afterAll(() => console?.close(), 60_000);

function signOn(instance: string, sharesPartitions?: true): Promise<SignOnAnswer> {
  const capabilities = { version: '1', language: 'en' as const, features: levels(2), limits: {} };
  const body = { network: north, instance, build: 'b1', capabilities, nativeConnected: true };
  return ask(console.hub.link, requests.signOn(north), {
    ...body,
    ...(sharesPartitions ? { sharesPartitions } : {}),
  });
}

test('fields that the console does not know are named in the answer: they may be misspelt', async () => {
  const capabilities = {
    version: '1',
    language: 'en' as const,
    features: levels(2),
    limits: { textUnits: 9, textUnit: 9 },
  };
  const body = { network: north, instance: 'old', build: 'b1', capabilities, nativeConnected: true };
  const misspelt = { ...body, sharePartitions: true };
  const expected = ['capabilities.limits.textUnit', 'sharePartitions'];
  expect((await ask(console.hub.link, requests.signOn(north), misspelt)).ignored?.toSorted()).toEqual(
    expected,
  );
  expect((await ask(console.hub.link, requests.heartbeat(north), misspelt)).ignored).toHaveLength(2);
  expect((await signOn('old')).ignored).toBeUndefined();
});

async function consumersOnBus(): Promise<string[]> {
  const { session } = console.hub.link;
  return session ? (await adapterConsumerInfos(session, north)).map(({ name }) => name) : [];
}

test('a process alone reads the one consumer, and is told of no others', async () => {
  expect((await signOn('old')).instances).toBeUndefined();
  expect(await consumersOnBus()).toEqual([single]);
});

test('while processes disagree nothing changes: an event would be delivered by both', async () => {
  expect((await signOn('b', true)).instances).toEqual(['b']);
  expect(await consumersOnBus()).toEqual([single]);
});

test('when all share, each partition has a consumer in place of the one, and every process learns of all', async () => {
  await ask(console.hub.link, requests.signOff(north), { network: north, instance: 'old' });
  await signOn('b', true);
  expect((await signOn('a', true)).instances).toEqual(['a', 'b']);
  expect(await consumersOnBus()).toEqual(partitions);
});
