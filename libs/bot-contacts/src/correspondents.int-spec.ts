/** Two processes of a bot adapter change the correspondents of one person at the same time. */
import { addressOf, network, type Address } from '#protocol';
import { adapterMemory } from '../../../test/support/adapter-memory.js';
import { HubFixture } from '../../../test/support/hub-fixture.js';
import { Correspondents } from './correspondents.js';

const home = network('home');
const li = addressOf(home, 'li');
const friends = Array.from({ length: 20 }, (_, n) => addressOf(network('away'), `friend-${n}`));

let hub: HubFixture;
let processes: Correspondents[];

beforeAll(async () => {
  hub = await HubFixture.open();
  const creds = await hub.admit(home);
  processes = [await aProcess(creds), await aProcess(creds)];
});
afterAll(() => hub?.close());

async function aProcess(creds: string): Promise<Correspondents> {
  const { memory, recent } = await adapterMemory(hub, home, creds);
  return new Correspondents(
    {
      memory,
      recent,
      canonical: (address: Address) => address,
      peers: () => [network('away')],
      resolve: (address: Address) => Promise.resolve({ code: '00', party: { address } }),
    },
    'en',
  );
}

const numberIn = (shown: string) => Number(/^\[(\d+) /.exec(shown)?.[1]);

test('correspondents who write through both processes at once get a number each, and keep it', async () => {
  const shown = await Promise.all(
    friends.map(async (address, n) => (await processes[n % 2]?.show(li, { address }, 'hi')) ?? ''),
  );
  const numbers = shown.map(numberIn);
  expect(new Set(numbers)).toEqual(new Set(friends.map((_, n) => n + 1)));
  expect(shown.filter((text) => text.includes('← chosen'))).toHaveLength(1);
  const again = await Promise.all(
    friends.map(async (address, n) => (await processes[(n + 1) % 2]?.show(li, { address }, 'again')) ?? ''),
  );
  expect(again.map(numberIn)).toEqual(numbers);
});

test('a choice made through one process is not undone by a message that the other one shows meanwhile', async () => {
  const [first, second] = processes;
  const newcomer = addressOf(network('away'), 'newcomer');
  const [reading, shown] = await Promise.all([
    first?.read(li, 'choice', `@${friends[7] ?? ''}`),
    second?.show(li, { address: newcomer }, 'hi'),
  ]);
  expect(reading).toMatchObject({ act: 'answer' });
  expect(numberIn(shown ?? '')).toBe(friends.length + 1);
  expect(await second?.read(li, 'message', 'for friend 7')).toMatchObject({ act: 'send', to: friends[7] });
});

test('the first words of somebody new through each process: one of them is the chosen one', async () => {
  const wang = addressOf(home, 'wang');
  const shown = await Promise.all(
    processes.map((process, n) => process.show(wang, { address: friends[n] ?? wang }, 'hi')),
  );
  expect(shown.filter((text) => text.includes('← chosen'))).toHaveLength(1);
  expect(new Set(shown.map(numberIn))).toEqual(new Set([1, 2]));
});
