import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import { AnnouncementsRepository } from './announcements.repository.js';

let console: ConsoleFixture;
let announcements: AnnouncementsRepository;

beforeAll(async () => {
  console = await ConsoleFixture.of(['xmpp', 'matrix']);
  announcements = new AnnouncementsRepository(console.database);
});
afterAll(() => console.close());

interface Listed {
  items: { id: string; words: string; readAt: string | null }[];
}

const operatorOf = (network: string) => console.operators[network] ?? '';

/** Announces in a transaction of its own, like a service. */
const announce = (network: string, words: string) =>
  console.database.transaction((manager) =>
    announcements.announce(manager, { network, kind: 'risk', subject: `network/${network}`, words }),
  );

test('an operator reads the announcements to its network, and none to another network', async () => {
  await announce('xmpp', 'limited to 10 messages per second: 12 people complained');
  await announce('matrix', 'not for xmpp');
  const { body } = await console.call<Listed>(operatorOf('xmpp'), 'GET', '/v1/announcements?unread=true');
  const words = body.items.map((item) => item.words);
  expect(words[0]).toBe('limited to 10 messages per second: 12 people complained');
  expect(words).not.toContain('not for xmpp');

  const id = body.items[0]?.id ?? '';
  const foreign = await console.call(operatorOf('matrix'), 'POST', `/v1/announcements/${id}/read`);
  expect(foreign.status).toBe(404);
  const read = await console.call<Listed['items'][0]>(
    operatorOf('xmpp'),
    'POST',
    `/v1/announcements/${id}/read`,
  );
  expect(read.body.readAt).not.toBeNull();
  const after = await console.call<Listed>(operatorOf('xmpp'), 'GET', '/v1/announcements?unread=true');
  expect(after.body.items.map((item) => item.id)).not.toContain(id);
});

test('an announcement of a transaction that fails is not there', async () => {
  const failing = console.database.transaction(async (manager) => {
    await announcements.announce(manager, {
      network: 'xmpp',
      kind: 'risk',
      subject: 'network/xmpp',
      words: 'never',
    });
    throw new Error('the step failed');
  });
  await expect(failing).rejects.toThrow('the step failed');
  await announce('xmpp', 'sentinel');
  const { body } = await console.call<Listed>(operatorOf('xmpp'), 'GET', '/v1/announcements');
  expect(body.items[0]?.words).toBe('sentinel');
  expect(body.items.map(({ words }) => words)).not.toContain('never');
});
