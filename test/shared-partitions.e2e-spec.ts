/**
 * Two processes of an adapter share the partitions of its network: started under load, killed under load, started again. The
 * test network recognises what it is given twice, and shows each subscriber what arrived, in order.
 */
import { createMissing, partitionConsumers } from '#bus';
import {
  addressOf,
  directConversation,
  encodeEvent,
  eventId,
  laneOf,
  network,
  pathOf,
  plainText,
  subjects,
  type MessageEvent,
  type TypingEvent,
} from '#protocol';
import { TestNetwork } from '../libs/adapter-contract/src/test-network.js';
import { HubFixture, until, type App } from './support/hub-fixture.js';
import { serveSharedSignOn } from './support/shared-sign-on.js';

const [home, away] = [network('home'), network('away')];
const PEOPLE = 40;

let hub: HubFixture;
let native: TestNetwork;
let creds: string;
let sent = 0;

function startProcess(name: string): Promise<App> {
  return hub.app(name, 'dist/libs/adapter-contract/src/test-adapter.main.js', {
    TEST_NETWORK: home,
    TEST_PORT: String(native.port),
    ADAPTER_PROCESSES: 'several',
    NATS_CREDS: creds,
  });
}

/** One more message to every person, as the switch would store them. */
async function writeToAll(): Promise<void> {
  const number = sent++;
  await Promise.all(
    Array.from({ length: PEOPLE }, (_, who) => {
      const [from, to] = [addressOf(away, `writer-${who}`), addressOf(home, `person-${who}`)];
      const now = new Date().toISOString();
      const event: MessageEvent = {
        specversion: '1.0',
        id: eventId(away, 'message', `${who} ${number}`),
        source: `/network/${away}`,
        type: 'im.hutong.message.v1',
        time: now,
        subject: directConversation(from, to),
        datacontenttype: 'application/json',
        path: pathOf(away, home),
        data: { from: { address: from }, to, sentAt: now, content: { body: plainText(String(number)) } },
      };
      return hub.publisher.publish(subjects.out(home, laneOf(event.subject)), encodeEvent(event), event.id);
    }),
  );
}

function delivered(): number {
  return native.deliveredBy.reduce((sum, one) => sum + one, 0);
}

/** Writes until the condition holds: the change happens under load. */
async function writeUntil(what: string, condition: () => boolean): Promise<void> {
  await until(what, async () => {
    await writeToAll();
    await until('the messages of before', () => delivered() > sent * PEOPLE - 20 * PEOPLE);
    return condition();
  });
}

async function everythingArrivedInOrder(): Promise<void> {
  const expected = Array.from({ length: sent }, (_, number) => String(number));
  const inbox = (who: number) => native.inbox(`person-${who}`).map(({ text }) => text);
  await until('the last messages', () =>
    Array.from({ length: PEOPLE }, (_, who) => inbox(who).length).every((count) => count >= sent),
  );
  for (let who = 0; who < PEOPLE; who++) expect(inbox(who)).toEqual(expected);
}

beforeAll(async () => {
  hub = await HubFixture.open();
  native = await TestNetwork.open(home);
  creds = await hub.admit(home);
  if (hub.link.session) await createMissing(hub.link.session, partitionConsumers(home));
  await serveSharedSignOn(hub);
});

afterAll(async () => {
  await hub?.close();
  await native?.close();
});

test('a second process that starts under load takes its share; a killed one loses nothing, doubles nothing, and disorders nothing', async () => {
  await startProcess('first');
  await writeUntil('the first process to work', () => (native.deliveredBy[0] ?? 0) > 0);
  const second = await startProcess('second');
  await writeUntil('the second process to work', () => (native.deliveredBy[1] ?? 0) > 2 * PEOPLE);
  const before = native.deliveredBy[0] ?? 0;
  await writeUntil('the first one to work beside it', () => (native.deliveredBy[0] ?? 0) > before);
  await everythingArrivedInOrder();

  const killed = second.child.crash();
  for (let round = 0; round < 20; round++) await writeToAll();
  await killed;
  await everythingArrivedInOrder();

  await startProcess('third');
  await writeUntil('the third process to work', () => (native.deliveredBy[2] ?? 0) > 2 * PEOPLE);
  await everythingArrivedInOrder();
});

test('what is not stored is shown by one process, not by both', async () => {
  const repeats = native.repeats;
  const [from, to] = [addressOf(away, 'typist'), addressOf(home, 'watcher')];
  for (let n = 0; n < 20; n++) {
    const typing: TypingEvent = {
      specversion: '1.0',
      id: eventId(away, 'typing', String(n)),
      source: `/network/${away}`,
      type: 'im.hutong.typing.v1',
      time: new Date().toISOString(),
      subject: directConversation(from, to),
      datacontenttype: 'application/json',
      path: pathOf(away, home),
      data: { from: { address: from }, to, state: 'composing', ttlMs: 5000 },
    };
    hub.link.session?.nc.publish(subjects.signalOut(home), encodeEvent(typing));
  }
  await until('all of them', () => native.inbox('watcher').length === 20);
  // Messages of all partitions, through both processes: they come after everything that these were still to show.
  await writeToAll();
  await everythingArrivedInOrder();
  expect(native.repeats).toBe(repeats);
});
